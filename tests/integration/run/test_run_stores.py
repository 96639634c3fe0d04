import json
from pathlib import Path

import pytest
from run_repository import BASE, make_repository

pytestmark = pytest.mark.integration

SAVES = f"""
    version: 2.1
    jobs:
      build:
        {BASE}
        steps:
          - run: echo "$MORE" > file
          - save_cache: {{key: 'k-{{{{ .Environment.WHICH }}}}', paths: [file]}}
          - run: rm file
          - restore_cache: {{keys: [k-, other-]}}
          - run: 'echo "got $(cat file)"'
        environment: {{WHICH: "%s", MORE: "%s"}}
    workflows: {{all: {{jobs: [build]}}}}
"""


def repository(folder, which="1", more="first"):
    return make_repository(folder / "repository", SAVES % (which, more))


def stores(repo):
    return Path(repo.environment["XDG_CACHE_HOME"]) / "samo" / "caches"


def change(repo, which, more):
    config = repo.root / ".circleci/config.yml"
    config.write_text(config.read_text().replace('WHICH: "1"', f'WHICH: "{which}"'))
    config.write_text(config.read_text().replace('MORE: "first"', f'MORE: "{more}"'))


def spoil(archive):
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 0xFF
    archive.write_bytes(data)


def test_a_damaged_cache_is_passed_over_with_a_warning(tmp_path):
    repo = repository(tmp_path)
    repo.run()
    change(repo, "1", "second")
    [archive] = stores(repo).glob("*/entries/*/0.tar")
    spoil(archive)

    done = repo.run()

    assert done.status == 0
    output = done.output("build")
    assert "warning: the cache k-1 is damaged: removed, as if it had not been saved\n" in output
    assert "no cache is found for k-, other-\n" in output
    assert list(stores(repo).glob("*/entries/*")) == []


def test_caches_that_cannot_be_written_are_a_warning_and_the_job_goes_on(tmp_path):
    repo = repository(tmp_path)
    stores(repo).parent.mkdir(parents=True)
    stores(repo).write_text("no folder\n")

    done = repo.run()

    assert done.status == 0
    assert done.output("build").count("warning: cannot read the caches in ") == 2
    assert "got \n" in done.output("build")


def test_of_two_runs_at_once_that_save_one_key_one_saves_it(tmp_path):
    repo = repository(tmp_path)
    runs = [repo.start() for _ in range(2)]
    ends = [run.communicate(timeout=60)[0] for run in runs]

    events = [json.loads(line) for text in ends for line in text.splitlines()]
    assert [event["status"] for event in events if event["type"] == "run.finished"] == [
        "success",
        "success",
    ]
    assert [event["key"] for event in events if event["type"] == "cache.saved"] == ["k-1"]
    assert len(list(stores(repo).glob("*/entries/*"))) == 1


def test_no_name_that_a_run_leaves_holds_a_secret(tmp_path):
    config = f"""
        version: 2.1
        jobs:
          build:
            {BASE}
            steps:
              - run: mkdir out && touch "out/a-$TOKEN" "out/a-$OTHER"
              - save_cache: {{key: 'v1-{{{{ .Environment.TOKEN }}}}-x', paths: [out]}}
              - restore_cache: {{key: 'v1-{{{{ .Environment.OTHER }}}}'}}
              - restore_cache: {{key: 'v1-{{{{ .Environment.TOKEN }}}}'}}
              - store_artifacts: {{path: out}}
        workflows: {{all: {{jobs: [build: {{context: c}}]}}}}
    """
    repo = make_repository(tmp_path / "repository", config)
    (tmp_path / "contexts.toml").write_text('[c]\nTOKEN = "s3cr3t-one"\nOTHER = "s3cr3t-two"\n')
    (tmp_path / "contexts.toml").chmod(0o600)

    done = repo.run("--context-file", str(tmp_path / "contexts.toml"))

    assert done.status == 0, done.err
    assert [event["key"] for event in done.of("cache.restored")] == ["v1-****-x"]
    paths = [event["path"] for event in done.of("artifact.stored")]
    assert sorted(paths) == ["out/a-****", "out/a-****~2"]
    left = [*stores(repo).rglob("*"), *(repo.root / ".samo").rglob("*")]
    assert [str(path) for path in left if "s3cr3t" in path.name] == []
    texts = [path for path in left if path.is_file() and path.suffix != ".tar"]
    assert [str(path) for path in texts if b"s3cr3t" in path.read_bytes()] == []


def test_the_caches_of_a_repository_have_a_size_together(tmp_path):
    repo = repository(tmp_path)
    (repo.root / "samo.toml").write_text("[caches]\nmax_gb = 1\n")
    repo.run()
    [entry] = stores(repo).glob("*/entries/*")
    description = json.loads((entry / "entry.json").read_text())
    # A file of holes, that takes no room, stands for a cache that is too large.
    with (entry / "0.tar").open("r+b") as archive:
        archive.truncate(2 * 10**9)
    description["parts"][0]["size_bytes"] = 2 * 10**9
    (entry / "entry.json").write_text(json.dumps(description))
    change(repo, "2", "second")

    done = repo.run()

    assert done.status == 0
    assert "removed k-1, unused for longest: the caches were too large\n" in done.output("build")
    assert [path.name for path in stores(repo).glob("*/entries/*")] == ["000000000002.k-2"]


def test_what_no_archive_can_hold_is_told(tmp_path):
    config = f"""
        version: 2.1
        jobs:
          build:
            {BASE}
            steps:
              - run: mkdir d && mkfifo d/pipe && touch d/file
              - save_cache: {{key: k, paths: [d]}}
              - persist_to_workspace: {{root: d, paths: [.]}}
        workflows: {{all: {{jobs: [build]}}}}
    """
    done = make_repository(tmp_path / "repository", config).run()

    assert done.status == 0
    assert done.output("build").count("pipe is left out: neither file, folder nor link\n") == 2
