"""Real configs of public repositories run as they are, against small repositories of this test.

The jobs are those that need a shell and Python alone; what they call in their repositories (their
scripts, and the tools these install) is written here. Where a job's tools would come from the
network, the repository's own scripts bring stand-ins that say how they were called.
"""

from pathlib import Path

import pytest
from run_repository import git, make_repository

pytestmark = pytest.mark.integration

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "configs"
ECHO = '#!/bin/sh\necho "$(basename "$0") $*"\n'
TOOLS_ON_PATH = """\
#!/bin/bash
echo "options: $*"
echo 'export PATH="$PWD/tools:$PATH"' >> "$BASH_ENV"
"""


def corpus_repository(root, name, files):
    """Commit a config of the corpus, and files that a job may call."""
    if not CORPUS.is_dir():
        pytest.skip("../shared/corpus is not here")
    config = (CORPUS / name).read_text(encoding="utf-8")
    repository = make_repository(root, config)
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
        (root / path).chmod(0o755)
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Add what the jobs call")
    return repository


def test_commands_of_captum_install_lint_and_test(tmp_path):
    repository = corpus_repository(
        tmp_path / "captum",
        "pytorch__captum@2019-08.yml",
        {
            "scripts/install_via_pip.sh": TOOLS_ON_PATH,
            "tools/flake8": ECHO,
            "tools/black": ECHO,
            "tools/pytest": "#!/bin/sh\nexec python -m unittest -v\n",
            "tools/sphinx-build": ECHO,
            "test_sum.py": (
                "import unittest\n\n"
                "class TestSum(unittest.TestCase):\n"
                "    def test_sum(self):\n"
                "        self.assertEqual(sum([1, 2]), 3)\n"
            ),
        },
    )

    done = repository.run()

    assert done.status == 0
    assert done.statuses("lint_and_test") == {"lint_test_py36_pip": "success"}
    output = done.output("lint_test_py36_pip")
    assert "options: -n -f\nflake8 \nblack --check --diff .\n" in output
    assert "Ran 1 test" in output
    assert output.endswith("sphinx-build -WT --keep-going sphinx/source sphinx/build\n")


def test_jobs_of_captum_give_a_command_their_own_arguments(tmp_path):
    versions = ("1_6", "1_7", "1_8", "1_9")
    jobs = [f"test_py36_pip_torch_{version}" for version in versions]
    repository = corpus_repository(
        tmp_path / "captum",
        "pytorch__captum.yml",
        {
            "scripts/install_via_pip.sh": TOOLS_ON_PATH,
            "scripts/run_mypy.sh": ECHO,
            "pytest.py": "import sys\nprint('pytest', *sys.argv[1:])\n",
            "tools/ufmt": ECHO,
            "tools/flake8": ECHO,
            "tools/sphinx-build": ECHO,
        },
    )

    selected = [f"--job={job}" for job in ("lint_py36", "test_py36_pip", *jobs)]
    done = repository.run(*selected)

    assert done.status == 0
    pytest_call = "pytest -ra --cov=. --cov-report term-missing\n"
    assert done.output("lint_py36").splitlines()[-4:] == [
        "options: ",
        "ufmt check .",
        "flake8 ",
        "sphinx-build -WT --keep-going sphinx/source sphinx/build",
    ]
    assert done.output("test_py36_pip").endswith(f"options: -n\nrun_mypy.sh \n{pytest_call}")
    for job, version in zip(jobs, ("1.6", "1.7", "1.8", "1.9"), strict=True):
        assert done.output(job).endswith(f"options: -v {version}\n{pytest_call}")


def test_the_schedule_of_botorch_ends_without_a_deployment(tmp_path):
    repository = corpus_repository(
        tmp_path / "botorch",
        "pytorch__botorch.yml",
        {
            "scripts/install_via_pip.sh": TOOLS_ON_PATH,
            "tools/flake8": ECHO,
            "tools/black": ECHO,
            "tools/pytest": ECHO,
            "tools/sphinx-build": ECHO,
            "botorch/__init__.py": "",
        },
    )

    done = repository.run("--schedule", "auto_deploy_site", "--branch", "master")

    assert done.status == 0
    assert done.statuses("auto_deploy_site") == {"auto_deploy_site": "success"}
    assert "options: -n -d\n" in done.output("auto_deploy_site")
    assert done.output("auto_deploy_site").endswith("Skipping deploy.\n")


@pytest.fixture
def helm(tmp_path):
    files = {
        "Gopkg.lock": "pinned\n",
        "Makefile": "test-coverage:\n\t@echo node $$CIRCLE_NODE_INDEX of $$CIRCLE_NODE_TOTAL\n",
        ".circleci/deploy.sh": "#!/bin/bash\necho deploying $CIRCLE_BRANCH\n",
    }
    return corpus_repository(tmp_path / "helm", "helm__helm.yml", files)


def test_helm_tests_in_three_parallel_nodes(helm):
    done = helm.run()

    assert done.status == 0
    assert done.statuses("build") == {"build": "success"}
    assert {
        event["node"]: event["text"] for event in done.of("step.output", job="build", name="test")
    } == {0: "node 0 of 3\n", 1: "node 1 of 3\n", 2: "node 2 of 3\n"}


def test_helm_deploys_from_one_node(helm):
    deployed = helm.run().of("step.output", job="build", name="deploy")

    assert [(event["node"], event["text"]) for event in deployed] == [(0, "deploying main\n")]


@pytest.fixture
def nevergrad(tmp_path):
    setup = (
        "import sys\n"
        "from pathlib import Path\n\n"
        "for name in ('nosetests', 'mypy'):\n"
        "    tool = Path(sys.prefix, 'bin', name)\n"
        f"    tool.write_text({ECHO!r})\n"
        "    tool.chmod(0o755)\n"
    )
    files = {"requirements.txt": "# nothing\n", "setup.py": setup}
    name = "facebookresearch__nevergrad@2018-12.yml"
    return corpus_repository(tmp_path / "nevergrad", name, files)


def test_nevergrad_tests_with_what_its_virtual_environment_has(nevergrad):
    done = nevergrad.run()

    assert done.status == 0
    assert done.statuses("build") == {"build": "success"}
    options = "--verbose --with-timer --with-coverage --cover-package=nevergrad"
    assert done.output("build").endswith(
        f"nosetests nevergrad {options}\nmypy --ignore-missing-imports nevergrad\n"
    )


def test_nevergrad_restores_the_cache_of_the_run_before(nevergrad):
    [saved] = nevergrad.run().of("cache.saved")
    [restored] = nevergrad.run().of("cache.restored")

    assert saved["key"].startswith("v1-dependencies-")
    assert restored["key"] == saved["key"]


def test_pandas_finds_in_its_home_what_a_step_before_installed(tmp_path):
    repository = corpus_repository(
        tmp_path / "pandas",
        "pandas-dev__pandas.yml",
        {
            ".circleci/setup_env.sh": (
                "#!/bin/bash -e\n"
                "bin=$HOME/miniconda3/envs/pandas-dev/bin\n"
                'mkdir -p "$bin"\n'
                'cp tools/pytest "$bin"\n'
                'echo "from $ENV_FILE"\n'
            ),
            "tools/pytest": ECHO,
            "ci/run_tests.sh": (
                "#!/bin/bash -e\n"
                "unset LD_PRELOAD\n"
                'pytest -n "$PYTEST_WORKERS" -m "$PATTERN" "$PYTEST_TARGET"\n'
            ),
        },
    )

    done = repository.run("test")

    assert done.status == 0
    assert done.statuses("test") == {"test-arm": "success"}
    assert "from ci/deps/circle-38-arm64.yaml\n" in done.output("test-arm")
    marks = "not single_cpu and not slow and not network and not clipboard and not arm_slow"
    assert done.output("test-arm").endswith(f"pytest -n auto -m {marks} and not db pandas\n")


def test_sphinx_gallery_builds_its_docs_in_what_another_job_set_up(tmp_path):
    repository = corpus_repository(
        tmp_path / "sphinx-gallery",
        "sphinx-gallery__sphinx-gallery.yml",
        {
            ".circleci/setup_bash.sh": (
                "#!/bin/bash -e\n"
                "[ -d ~/python_env ] || python3 -m venv --without-pip ~/python_env\n"
                "cp tools/* ~/python_env/bin\n"
                "echo 'export PATH=$HOME/python_env/bin:$PATH' >> \"$BASH_ENV\"\n"
            ),
            "tools/pip": ECHO,
            "tools/sphinx-build": (
                '#!/bin/sh -e\nmkdir -p "$2"\necho "<html>" > "$2/index.html"\n'
                "echo \"$(python -c 'import sys; print(sys.prefix)')\"\n"
            ),
            "pyvista.py": "def Report():\n    return 'a report'\n",
            "sphinx_gallery/tests/tinybuild/doc/Makefile": (
                "clean:\n\trm -rf _build\nhtml:\n\tmkdir -p _build/html\n"
                "\techo tiny > _build/html/index.html\n"
            ),
        },
    )

    done = repository.run("--job", "build_docs", "--job", "build_tinyhtml")

    assert done.status == 0
    ran = {event["job"]: event["status"] for event in done.of("job.finished")}
    assert ran == {"setup_env": "success", "build_docs": "success", "build_tinyhtml": "success"}
    assert "a report\npip install -e .\n" in done.output("setup_env")
    assert "/python_env\n" in done.output("build_docs")
    kept = {event["path"] for event in done.of("artifact.stored")}
    assert kept == {"html/index.html", "tiny_html/index.html"}


def test_cibuildwheel_tests_in_the_environment_that_it_prepared(tmp_path):
    repository = corpus_repository(
        tmp_path / "cibuildwheel",
        "pypa__cibuildwheel.yml",
        {
            ".circleci/prepare.sh": "$PYTHON -m venv --without-pip venv\n",
            "bin/run_tests.py": (
                "import os, sys\n"
                "print(os.path.basename(sys.prefix), os.environ['CIBW_ENABLE'])\n"
                "print(os.environ['PYTEST_ADDOPTS'])\n"
            ),
        },
    )

    done = repository.run("--job", "linux-aarch64")

    assert done.status == 0
    assert done.output("linux-aarch64").endswith(
        "INFO: Exporting CIBW_ENABLE=all for main branch test run.\n"
        "venv all\n"
        '-k "unit_test or main_tests or test_0_basic or test_docker_images"\n'
    )
