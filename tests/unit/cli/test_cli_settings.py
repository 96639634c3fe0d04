import pytest

from samo.cli.settings import Settings, load_settings, whole_machine
from samo.engine import Resources
from samo.executors import Mapped
from samo.pipeline.problem import ConfigError


def settings(folder, text, name="pyproject.toml"):
    (folder / name).write_text(text)
    return load_settings(folder)


def problems(folder, text):
    with pytest.raises(ConfigError) as caught:
        settings(folder, text)
    return [str(each).replace(f"{folder}/", "") for each in caught.value.problems]


def test_without_settings_all_of_the_machine_is_lent(tmp_path):
    assert load_settings(tmp_path) == Settings(machine=whole_machine())
    assert settings(tmp_path, "[project]\nname = 'x'\n") == Settings(machine=whole_machine())


def test_cores_and_memory_can_be_set_one_by_one(tmp_path):
    memory_mib = whole_machine().memory_mib

    assert settings(tmp_path, "[tool.samo.resources]\ncores = 3\n") == Settings(
        machine=Resources(cores=3, memory_mib=memory_mib)
    )
    assert settings(tmp_path, "[tool.samo.resources]\nmemory_gb = 2\ncores = 1\n") == Settings(
        machine=Resources(cores=1, memory_mib=2048)
    )


def test_isolation_can_be_switched_off(tmp_path):
    assert settings(tmp_path, "[tool.samo.process]\nisolation = 'auto'\n").is_isolated
    assert not settings(tmp_path, "[tool.samo.process]\nisolation = 'off'\n").is_isolated
    [problem] = problems(tmp_path, "[tool.samo.process]\nisolation = false\n")
    assert problem == (
        "pyproject.toml:2:1: error: 'isolation' of [tool.samo.process] must be one of auto, off,"
        " found boolean false"
    )


def test_an_image_can_be_a_folder_or_the_machine(tmp_path):
    (tmp_path / "node").mkdir()
    text = "[tool.samo.images]\n'cimg/node:20.*' = 'node'\n'cimg/go' = 'host'\n"
    assert settings(tmp_path, text).images == (
        Mapped(pattern="cimg/node:20.*", folder=tmp_path / "node"),
        Mapped(pattern="cimg/go", folder=None),
    )
    for absent in ("no/such", "~no-such-user/go"):
        [problem] = problems(tmp_path, f"[tool.samo.images]\n'cimg/go' = '{absent}'\n")
        assert problem == (
            f"pyproject.toml:2:1: error: the image 'cimg/go' is to be the folder {absent}, which is"
            " not there (name a folder, or 'host')"
        )


def test_a_project_without_pyproject_has_samo_toml(tmp_path):
    assert settings(tmp_path, "[resources]\ncores = 3\n", "samo.toml").machine.cores == 3


def test_wrong_settings_are_told_with_their_places(tmp_path):
    text = "[project]\ncores = 1\n\n[tool.samo.resources]\ncores = 'two'\ncorse = 2\n"

    cores, corse = problems(tmp_path, text)

    assert cores == (
        "pyproject.toml:5:1: error: 'cores' of [tool.samo.resources] must be a whole number"
        " from 1, found 'two'"
    )
    assert corse == (
        "pyproject.toml:6:1: error: unknown key 'corse' in [tool.samo.resources]"
        " (did you mean 'cores'? allowed: cores, memory_gb)"
    )


def test_what_is_no_toml_is_told_with_its_place(tmp_path):
    [problem] = problems(tmp_path, "[tool\n")

    assert problem.startswith("pyproject.toml:1:6: error: not valid TOML: ")
