"""The user's own contexts reach the jobs that may have them, and nothing that is kept or told."""

import base64
import os
import tempfile
from pathlib import Path

import pytest
from run_repository import jobs_config, make_repository

from samo.executors import NoIsolation, find_isolation

pytestmark = pytest.mark.integration

SECRET = "hunter22-and-more"
KEYRING = """\
class errors:
    class KeyringError(Exception): ...

def get_password(service, username):
    if service == "locked":
        raise errors.KeyringError("it is locked")
    return {("deploy", "ada"): "hunter22-and-more"}.get((service, username))
"""
TELLTALE = """\
version: 2.1
jobs:
  deploy:
    docker: [{image: cimg/base:stable}]
    steps:
      - run: 'echo "plain $TOKEN"; echo "$TOKEN" >&2'
      - run: printf %s hunter22; sleep 0.05; printf %s -and-more
      - run: 'printf "user:%s" "$TOKEN" | base64; echo "$TOKEN" | base64'
      - run: |
          mkdir out empty
          echo kept > "out/$TOKEN.txt"
          echo "<testsuite name='$TOKEN'><testcase name='$TOKEN'>
            <failure message='got $TOKEN'/></testcase></testsuite>" > out.xml
      - store_artifacts: {path: out}
      - store_test_results: {path: out.xml}
      - save_cache: {key: "v1-{{ .Environment.TOKEN }}", paths: [empty]}
      - restore_cache: {keys: ["v1-{{ .Environment.TOKEN }}"]}
      - run: exit 1
workflows:
  all:
    jobs: [deploy: {context: prod}]
"""


@pytest.fixture
def repository(tmp_path):
    config = jobs_config(deploy="echo token=$TOKEN ${#TOKEN}")
    return make_repository(tmp_path / "r", config.replace("[deploy]", "[deploy: {context: prod}]"))


def own_contexts(repository, text, mode=0o600):
    path = repository.root.parent / "r-config/samo/contexts.toml"
    path.parent.mkdir(parents=True)
    path.touch(mode=mode)
    path.write_text(text)
    path.chmod(mode)
    return path


def kept(*folders):
    """What is in the files below the folders, and their names relative to these."""
    for folder in folders:
        for path in folder.rglob("*"):
            yield str(path.relative_to(folder)).encode()
            if path.is_file():
                yield path.read_bytes()


def test_what_a_run_tells_and_keeps_holds_no_secret(tmp_path):
    repository = make_repository(tmp_path / "r", TELLTALE)
    own_contexts(repository, f'[prod]\nTOKEN = "{SECRET}"\n')
    events = tmp_path / "events.jsonl"

    done = repository.samo("run", "--context", "prod", "--events", str(events))
    told = [done.out, done.err, events.read_text()]
    for command in (["show"], ["show", "--json"], ["logs"], ["artifacts", "--json"], ["tests"]):
        name, *options = command
        read = repository.samo(name, "last", *options)
        assert read.status == 0
        told += [read.out, read.err]

    assert done.status == 1
    everything = "\n".join(told)
    assert SECRET not in everything
    assert base64.b64encode(SECRET.encode()).decode().rstrip("=") not in everything
    left = kept(tmp_path / "r/.samo", tmp_path / "r-cache")
    assert [each for each in left if SECRET.encode() in each] == []


def test_a_value_comes_from_the_keyring(repository, tmp_path):
    own_contexts(repository, '[prod]\nTOKEN = { keyring = "deploy", username = "ada" }\n')
    (tmp_path / "keyring.py").write_text(KEYRING)

    done = repository.run("--context", "prod", PYTHONPATH=str(tmp_path))
    assert done.output("deploy") == f"token=**** {len(SECRET)}\n"


@pytest.mark.parametrize(
    ("service", "told"),
    [
        ("absent", "the keyring has no 'absent ada' (keyring set absent ada)"),
        ("locked", "the keyring cannot be asked: it is locked"),
    ],
)
def test_what_the_keyring_does_not_give_is_told(repository, tmp_path, service, told):
    path = own_contexts(
        repository, f'[prod]\nTOKEN = {{ keyring = "{service}", username = "ada" }}\n'
    )
    (tmp_path / "keyring.py").write_text(KEYRING)

    done = repository.run("--context", "prod", PYTHONPATH=str(tmp_path))
    expected = f"{path}:2:1: error: 'TOKEN' of context 'prod': {told}\n"
    assert (done.status, done.out, done.err) == (2, "", expected)


def test_a_file_of_contexts_that_others_can_read_stops_the_run(repository):
    path = own_contexts(repository, f'[prod]\nTOKEN = "{SECRET}"\n', mode=0o644)

    done = repository.run("--context", "prod")
    told = f"error: {path} is open to others than you: no context is read (chmod 600 '{path}')\n"
    assert (done.status, done.out, done.err) == (2, "", told)
    assert not list((repository.root / ".samo").glob("runs/0*"))


def test_a_job_with_mounts_of_its_own_cannot_read_the_file(tmp_path):
    if isinstance(found := find_isolation(os.environ), NoIsolation):
        pytest.skip(found.reason)
    # Not below /tmp, of which a job sees nothing at all.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as home:
        path = Path(home, "samo/contexts.toml")
        path.parent.mkdir()
        path.touch(mode=0o600)
        path.write_text("[prod]\n")
        config = jobs_config(steal=f"test -e {path}; ! cat {path} 2>&1 | grep prod")
        done = make_repository(tmp_path / "r", config).run(XDG_CONFIG_HOME=home)

    assert (done.status, done.statuses()) == (0, {"steal": "success"})


def test_a_cloned_repository_cannot_grant_itself_anything(repository):
    own_contexts(repository, f'[prod]\nTOKEN = "{SECRET}"\n')

    done = repository.run()
    assert done.statuses() == {"deploy": "unauthorized"}
    assert done.of("job.finished")[0]["reason"] == (
        "context 'prod' not granted (samo run --context prod grants it)"
    )
