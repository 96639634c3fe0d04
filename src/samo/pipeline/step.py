"""The steps of a job, fully expanded: no parameter, condition or command invocation is left."""

from dataclasses import field
from enum import StrEnum

from samo.pipeline.dataclass import dataclass
from samo.pipeline.place import Place

Variables = tuple[tuple[str, str], ...]
"""Environment variables in the order of the file: (name, value) pairs."""

DEFAULT_NO_OUTPUT_TIMEOUT_S = 600.0


class When(StrEnum):
    """In which state of the job a step runs (STEP-014)."""

    ON_SUCCESS = "on_success"
    ON_FAIL = "on_fail"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A shell command; `shell` and `working_directory` are "" where the job's own apply.

    `is_deploy` marks the deprecated `deploy`: one node of the job runs it, at the end (STEP-028).
    """

    name: str
    command: str
    shell: str = ""
    environment: Variables = ()
    working_directory: str = ""
    background: bool = False
    is_deploy: bool = False
    no_output_timeout_s: float = DEFAULT_NO_OUTPUT_TIMEOUT_S
    max_auto_reruns: int = 0
    auto_rerun_delay_s: float = 0.0
    when: When = When.ON_SUCCESS
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """The repository at the pipeline's revision, into `path`; `depth` is 0 for all of it."""

    name: str = "Checkout code"
    path: str = "."
    method: str = "blobless"
    depth: int = 0
    when: When = When.ON_SUCCESS
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCache:
    """Keep `paths` under a key that is evaluated at step time."""

    name: str = "Saving cache"
    key: str
    paths: tuple[str, ...]
    when: When = When.ON_SUCCESS
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreCache:
    """Bring back the newest cache that the first matching key begins."""

    name: str = "Restoring cache"
    keys: tuple[str, ...]
    when: When = When.ON_SUCCESS
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersistToWorkspace:
    """Add a layer to the workflow's workspace: `paths` (globs) below `root`."""

    name: str = "Persisting to workspace"
    root: str
    paths: tuple[str, ...]
    when: When = When.ON_SUCCESS
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachWorkspace:
    """Lay the upstream jobs' workspace layers out below `at`."""

    name: str = "Attaching workspace"
    at: str
    when: When = When.ON_SUCCESS
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreArtifacts:
    """Keep a file or folder as the job's artifact; runs after a failure too (STEP-015)."""

    name: str = "Uploading artifacts"
    path: str
    destination: str = ""
    when: When = When.ALWAYS
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreTestResults:
    """Read JUnit XML into the history; runs after a failure too (STEP-015)."""

    name: str = "Uploading test results"
    path: str
    when: When = When.ALWAYS
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSshKeys:
    """Bring SSH keys by fingerprint; all that the project has when none is named."""

    name: str = "Installing additional ssh keys"
    fingerprints: tuple[str, ...] = ()
    when: When = When.ON_SUCCESS
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupRemoteDocker:
    """Give later steps a Docker daemon of their own."""

    name: str = "Setup a remote Docker engine"
    version: str = ""
    docker_layer_caching: bool = False
    prefer_same_region: bool = False
    when: When = When.ON_SUCCESS
    place: Place = field(compare=False)


Step = (
    Run
    | Checkout
    | SaveCache
    | RestoreCache
    | PersistToWorkspace
    | AttachWorkspace
    | StoreArtifacts
    | StoreTestResults
    | AddSshKeys
    | SetupRemoteDocker
)
