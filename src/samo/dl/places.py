"""Where the models are: in a checkout, in an installed package, or where the user says."""

from collections.abc import Mapping
from pathlib import Path

VARIABLE = "SAMO_MODELS_DIR"
DEFAULT_MODEL = "emotion-tiny"


def models_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder whose folders are the models.

    A wheel carries the models inside the package; a checkout has them at its root.
    """
    given = environment.get(VARIABLE)
    if given:
        return Path(given)
    here = Path(__file__).resolve().parent
    installed = here / "models"
    return installed if installed.is_dir() else here.parents[2] / "models"
