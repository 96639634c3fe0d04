from pathlib import Path

from samo.dl.places import models_folder


def test_the_variable_names_the_folder_of_the_models():
    assert models_folder({"SAMO_MODELS_DIR": "/srv/models"}) == Path("/srv/models")


def test_without_it_the_models_are_found():
    for environment in ({}, {"SAMO_MODELS_DIR": ""}):
        assert (models_folder(environment) / "emotion-tiny" / "model.toml").is_file()
