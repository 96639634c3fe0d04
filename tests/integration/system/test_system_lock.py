import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from samo.system import is_locked, locked

pytestmark = pytest.mark.integration

HOLD = """
import sys
from pathlib import Path
from samo.system import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """A process that holds the lock until it is told or killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path / "lock"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.communicate()


def test_one_thread_is_in_at_a_time(tmp_path):
    inside = []
    counts = []

    def enter(number):
        with locked(tmp_path / "lock"):
            inside.append(number)
            counts.append(len(inside))
            inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(enter, range(200)))

    assert counts == [1] * 200


def test_a_lock_is_seen_from_another_process(tmp_path, holder):
    before = is_locked(tmp_path / "lock")
    holder.communicate()

    assert (before, is_locked(tmp_path / "lock")) == (True, False)


def test_the_kernel_lets_go_when_the_holder_is_killed(tmp_path, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()

    with locked(tmp_path / "lock"):
        assert is_locked(tmp_path / "lock")


def test_what_is_not_there_is_not_locked_and_not_made(tmp_path):
    assert not is_locked(tmp_path / "lock")
    assert list(tmp_path.iterdir()) == []


def test_an_error_inside_lets_go(tmp_path):
    with pytest.raises(KeyError), locked(tmp_path / "lock"):
        raise KeyError

    assert not is_locked(tmp_path / "lock")


def test_the_file_stays(tmp_path):
    with locked(tmp_path / "lock"):
        pass

    assert (tmp_path / "lock").exists()
