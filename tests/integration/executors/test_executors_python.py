"""A Python image's counterpart, with real Pythons."""

import os
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from samo.executors import Call, Difference, ProcessExecutor
from samo.executors.interpreter import find_interpreter, own_interpreter
from samo.executors.python_image import make_environment
from samo.pipeline.job import DockerExecutor, Image, Job, JobName
from samo.pipeline.place import Place
from samo.system import Cancel, Exit

pytestmark = pytest.mark.integration

PLACE = Place("config.yml", 1, 1)
OWN = "{}.{}".format(*sys.version_info)
OWN_FULL = "{}.{}.{}".format(*sys.version_info)


def job(image):
    executor = DockerExecutor(images=(Image(image=image, place=PLACE),), place=PLACE)
    return Job(name=JobName("test"), declared_name="test", executor=executor, place=PLACE)


@pytest.fixture
def caller(tmp_path):
    return {
        "PATH": os.environ["PATH"],
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PYENV_ROOT": str(tmp_path / "pyenv"),
    }


@pytest.fixture
def cancel():
    made = Cancel()
    yield made
    made.close()


def prints(sandbox, script, cancel):
    printed = bytearray()
    call = Call(
        shell=sandbox.default_shell,
        script=script,
        environment=sandbox.environment,
        working_directory=sandbox.expand("."),
        no_output_timeout_s=60,
    )
    ended = sandbox.run(call, printed.extend, cancel)
    assert ended == Exit(code=0), printed
    return printed.decode()


@pytest.fixture
def python_job(caller, tmp_path):
    """Open a job of the own version, at a path that shells and shebangs stumble over."""
    folder = tmp_path / "a b's job"
    sandbox = ProcessExecutor(caller).open(job(f"cimg/python:{OWN}"), folder, "M=1")
    yield sandbox
    sandbox.close()


def wheel(folder):
    """Write a wheel of one module and one script."""
    path = folder / "greet-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("greet.py", "def main(): print('hello')\n")
        info = "greet-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: greet\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/entry_points.txt", "[console_scripts]\ngreet = greet:main\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def test_every_name_of_python_is_the_jobs_own(python_job, cancel):
    script = f"""
for name in python python3 python{OWN}; do
    $name -c 'import sys; print(*sys.version_info[:3], sep=".", end=" ")'
    $name -c 'import sys; print(sys.prefix)'
done"""
    prefix = Path(python_job.home).parent / "python"
    assert prints(python_job, script, cancel) == f"{OWN_FULL} {prefix}\n" * 3


def test_a_python_job_sees_no_package_of_the_callers(python_job, cancel):
    script = "python -c 'import importlib.util as u; print(u.find_spec(\"pytest\"))'"
    assert prints(python_job, script, cancel) == "None\n"


def test_packages_are_installed_for_the_job_alone(python_job, tmp_path, cancel):
    prints(python_job, f"pip install --no-index --quiet '{wheel(tmp_path)}'", cancel)
    text = prints(python_job, "greet; python -m pip uninstall --yes --quiet greet", cancel)
    assert text == "hello\n"


@pytest.mark.parametrize("name", ["pip", "pip3", f"pip{OWN}", "python -m pip"])
def test_pip_goes_by_every_name(name, python_job, cancel):
    assert prints(python_job, f"{name} --version", cancel).endswith(f"(python {OWN})\n")


def test_a_job_cannot_remove_the_pip_that_all_share(python_job, cancel):
    prints(python_job, "pip uninstall --yes pip 2>&1 || true", cancel)
    assert prints(python_job, "pip --version", cancel).startswith("pip ")


def test_jobs_at_the_same_time_share_one_pip(tmp_path):
    cache = tmp_path / "cache"
    interpreter = own_interpreter()
    made = []

    def make(number):
        made.append(make_environment(interpreter, tmp_path / str(number), cache))

    threads = [threading.Thread(target=make, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert {path.name for path in cache.iterdir()} == {path.stem for path in interpreter.wheels}


def test_the_own_python_stands_in_for_one_that_is_not_here(caller, tmp_path, cancel):
    executor, wanted = ProcessExecutor(caller), job("cimg/python:3.99")
    assert executor.differences(wanted) == (
        Difference(
            rule="LOC-003",
            message="image cimg/python:3.99: no Python 3.99 on this machine, "
            f"a virtual environment of Python {OWN_FULL} stands in",
        ),
    )
    sandbox = executor.open(wanted, tmp_path / "job", "M=1")
    try:
        assert prints(sandbox, "python --version", cancel) == f"Python {OWN_FULL}\n"
    finally:
        sandbox.close()


def test_a_python_that_is_here_is_told(caller):
    (difference,) = ProcessExecutor(caller).differences(job(f"python:{OWN}-slim"))
    told = f"image python:{OWN}-slim: a virtual environment of Python {OWN_FULL} stands in"
    assert difference == Difference(rule="LOC-003", message=told)


def fake_python(path, version):
    """Write a program that answers as a Python of that version would."""
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho {version}\necho {path}\n")
    path.chmod(0o755)
    return path


def test_the_newest_of_pyenvs_versions_is_taken(tmp_path):
    for version in ("3.98.2", "3.98.10", "3.9.99"):
        fake_python(tmp_path / "versions" / version / "bin" / "python", version)
    assert find_interpreter("3.98", "", tmp_path).version == "3.98.10"


def test_a_python_on_the_path_comes_before_pyenvs(tmp_path):
    fake_python(tmp_path / "pyenv/versions/3.98.2/bin/python", "3.98.2")
    on_path = fake_python(tmp_path / "bin/python3.98", "3.98.1")
    found = find_interpreter("3.98", str(tmp_path / "bin"), tmp_path / "pyenv")
    assert found.path == on_path


def test_a_shim_of_pyenvs_is_not_asked(tmp_path):
    fake_python(tmp_path / "shims/python3.98", "3.98.1")
    assert find_interpreter("3.98", str(tmp_path / "shims"), tmp_path) is None


@pytest.mark.parametrize("answer", ["3.97.1", "", "3.980.1"])
def test_a_program_that_is_no_such_python_is_not_taken(answer, tmp_path):
    fake_python(tmp_path / "bin/python3.98", answer)
    assert find_interpreter("3.98", str(tmp_path / "bin"), tmp_path / "pyenv") is None


def test_another_python_of_this_machine_is_found_and_works(tmp_path, cancel):
    executor = ProcessExecutor({**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")})
    wanted = job("cimg/python:3.12")
    if "no Python 3.12" in executor.differences(wanted)[0].message:
        pytest.skip("this machine has no Python 3.12")
    sandbox = executor.open(wanted, tmp_path / "job", "M=1")
    try:
        text = prints(sandbox, "python --version; pip --version", cancel)
    finally:
        sandbox.close()
    assert text.startswith("Python 3.12.")
    assert text.endswith("(python 3.12)\n")
