from samo.engine.masking import Secrets
from samo.engine.output import StepLog


def log_of(path, *chunks, secrets=()):
    told = []
    with StepLog(path, Secrets(secrets), told.append) as log:
        for chunk in chunks:
            log.take(chunk)
    return told


def test_output_is_told_as_it_comes_and_kept(tmp_path):
    path = tmp_path / "job" / "0.log"

    assert log_of(path, b"half a li", b"ne\n") == ["half a li", "ne\n"]
    assert path.read_bytes() == b"half a line\n"


def test_a_step_that_writes_nothing_has_no_log(tmp_path):
    assert log_of(tmp_path / "0.log") == []
    assert not (tmp_path / "0.log").exists()


def test_a_character_cut_in_two_is_put_together(tmp_path):
    assert "".join(log_of(tmp_path / "0.log", "ä".encode()[:1], "ä".encode()[1:])) == "ä"


def test_bytes_that_are_no_text_stay_in_the_log_and_are_told_as_replacements(tmp_path):
    told = log_of(tmp_path / "0.log", b"a\xffb", b"\xc3")

    assert "".join(told) == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"
    assert (tmp_path / "0.log").read_bytes() == b"a\xffb\xc3"


def test_secrets_reach_neither_the_log_nor_who_is_told(tmp_path):
    told = log_of(tmp_path / "0.log", b"key=hunt", b"er22\n", secrets=["hunter22"])

    assert "".join(told) == "key=****\n"
    assert (tmp_path / "0.log").read_bytes() == b"key=****\n"


def test_a_log_that_cannot_be_written_is_a_fault_and_the_output_goes_on(tmp_path):
    (tmp_path / "file").write_text("")
    told = []
    log = StepLog(tmp_path / "file" / "0.log", Secrets(), told.append)
    log.take(b"a")
    log.take(b"b")
    log.close()

    assert told == ["a", "b"]
    assert isinstance(log.fault, OSError)
