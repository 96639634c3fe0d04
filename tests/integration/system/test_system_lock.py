import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from samo.system import Hold, held, is_locked, locked, owned, signal_owner

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


OWN = HOLD.replace("locked", "owned")


def test_word_reaches_the_owner_and_nobody_else(tmp_path):
    path = tmp_path / "lock"
    assert not signal_owner(path, signal.SIGTERM)
    command = [sys.executable, "-c", OWN, path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owner:
        assert owner.stdout.readline() == b"held\n"
        assert signal_owner(path, signal.SIGTERM)
        owner.wait()

    assert owner.returncode == -signal.SIGTERM
    assert not signal_owner(path, signal.SIGTERM)


def test_who_only_holds_a_file_with_our_number_in_it_is_not_its_owner(tmp_path):
    path = tmp_path / "lock"
    with owned(path):
        pass

    assert not signal_owner(path, signal.SIGKILL)


def test_a_file_is_shared_by_many_and_then_by_nobody_alone(tmp_path):
    path = tmp_path / "file"
    path.touch()

    with (
        held(path, Hold.SHARED) as first,
        held(path, Hold.SHARED) as second,
        held(path, Hold.ALONE) as alone,
    ):
        assert (first, second, alone) == (True, True, False)
    with held(path, Hold.ALONE) as alone, held(path, Hold.SHARED) as shared:
        assert (alone, shared) == (True, False)


def test_a_file_that_is_missing_is_not_held_and_not_made(tmp_path):
    with held(tmp_path / "file", Hold.SHARED) as there:
        assert not there
    assert list(tmp_path.iterdir()) == []
