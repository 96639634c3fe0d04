"""What steps write, however odd and however much."""

import json
import os
import subprocess
import sys

import pytest
from run_repository import jobs_config, make_repository

pytestmark = pytest.mark.integration


def measured(repository, *arguments):
    """Run, unheard; return the exit status and the most memory that it took, in KiB."""
    # Of a process's most memory the system counts what its parent had when it was forked, so a
    # small one stands between.
    between = (
        "import resource, subprocess, sys\n"
        "null = subprocess.DEVNULL\n"
        "done = subprocess.run(sys.argv[1:], stdin=null, stdout=null, stderr=null)\n"
        "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    samo = [sys.executable, "-m", "samo", "run", *arguments]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", between, *samo],
        check=True,
        cwd=repository.root,
        env=repository.environment,
        capture_output=True,
        text=True,
    )
    status, used = map(int, done.stdout.split())
    return status, used // (1024 if sys.platform == "darwin" else 1)


def test_a_line_of_200_kilobytes_arrives_whole(tmp_path):
    command = "head -c 200000 /dev/zero | tr '\\0' x"
    done = make_repository(tmp_path / "r", jobs_config(build=command)).run()

    assert done.output("build") == "x" * 200_000


def test_what_is_no_utf_8_is_shown_as_such_and_kept_as_it_is(tmp_path):
    repository = make_repository(tmp_path / "r", jobs_config(build="printf 'a\\377b'"))
    done = repository.run()

    assert done.output("build") == "a\N{REPLACEMENT CHARACTER}b"
    [log] = (tmp_path / "r/.samo/runs").rglob("0.log")
    assert log.read_bytes() == b"a\xffb"


def test_both_streams_come_in_the_order_they_were_written(tmp_path):
    command = "echo 1; echo 2 >&2; echo 3"
    assert make_repository(tmp_path / "r", jobs_config(build=command)).run().output("build") == (
        "1\n2\n3\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize("events", [[], ["--events", "-"]])
def test_a_gigabyte_passes_through_bounded_memory(tmp_path, events):
    repository = make_repository(
        tmp_path / "r", jobs_config(build="yes samo | head -c 1000000000 || test $? = 141")
    )
    status, used_kib = measured(repository, *events)

    assert status == 0
    assert used_kib < 150_000
    [log] = (tmp_path / "r/.samo/runs").rglob("0.log")
    assert log.stat().st_size == 1_000_000_000


def test_events_can_go_to_a_file_beside_the_console(tmp_path):
    repository = make_repository(tmp_path / "r", jobs_config(build="echo hello"))
    done = repository.samo("run", "--events", str(tmp_path / "events"))
    events = [json.loads(line) for line in (tmp_path / "events").read_text().splitlines()]

    assert "[build]   hello" in done.out
    of_job = [each["type"] for each in events if each.get("job") == "build"]
    assert [each for each in of_job if each != "difference.noted"] == [  # the machine's, that is
        "job.queued",
        "job.started",
        "step.started",
        "step.output",
        "step.finished",
        "job.finished",
    ]
    assert {"workflow", "job", "step", "name", "text", "time", "run"} <= events[-5].keys()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_fails_the_job_and_keeps_the_others(tmp_path):
    repository = make_repository(
        tmp_path / "r",
        jobs_config(big="head -c 30000000 /dev/zero > file", small="echo fine"),
    )
    cache = tmp_path / "r-cache"
    cache.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(cache)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a tmpfs cannot be mounted here")
    try:
        done = repository.run()
    finally:
        subprocess.run(["umount", str(cache)], check=True)

    assert done.statuses() == {"big": "failed", "small": "success"}
    assert "No space left on device" in done.output("big")
    assert done.output("small") == "fine\n"


def test_memory_of_many_jobs_stays_small(tmp_path):
    names = {f"j{index}": "true" for index in range(100)}
    repository = make_repository(tmp_path / "r", jobs_config(**names))
    status, used_kib = measured(repository)

    assert status == 0
    assert used_kib < 150_000
