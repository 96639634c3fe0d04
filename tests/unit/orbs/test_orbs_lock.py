import pytest

from samo.orbs import Pin, read_lock, write_lock
from samo.pipeline.problem import ConfigError

DIGEST = "0123456789abcdef" * 4
PINS = {
    "ns/o@1": Pin(orb="ns/o@1.2.3", sha256=DIGEST),
    "https://a.example/ö.yml": Pin(orb="https://a.example/ö.yml", sha256=DIGEST),
}


def test_what_was_written_is_read_again(tmp_path):
    write_lock(tmp_path / "l", PINS)

    assert read_lock(tmp_path / "l") == PINS


def test_the_lock_is_in_the_order_of_references(tmp_path):
    write_lock(tmp_path / "l", {"ns/b@1": PINS["ns/o@1"], "ns/a@1.0.0": PINS["ns/o@1"]})

    assert (tmp_path / "l").read_text() == (
        '{\n  "format": 1,\n  "orbs": {\n'
        f'    "ns/a@1.0.0": {{\n      "orb": "ns/o@1.2.3",\n      "sha256": "{DIGEST}"\n    }},\n'
        f'    "ns/b@1": {{\n      "orb": "ns/o@1.2.3",\n      "sha256": "{DIGEST}"\n    }}\n'
        "  }\n}\n"
    )


def test_no_lock_pins_nothing(tmp_path):
    assert read_lock(tmp_path / "l") == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "l:1:1: error: the lock is not valid JSON"),
        ("{\n<<<<<<< HEAD\n", "l:2:1: error: the lock is not valid JSON"),
        ("[" * 100_000, "l:1:1: error: the lock is not valid JSON"),
        ("\udcff", "l:1:1: error: the lock is not valid JSON"),
        ("[]", "l:1:1: error: the lock is not of format 1"),
        ('{"format": 2, "orbs": {}}', "l:1:1: error: the lock is not of format 1"),
        ('{"format": 1, "orbs": {"ns/o@1": "x"}}', "l:1:1: error: 'ns/o@1' needs an 'orb'"),
        (
            '{"format": 1, "orbs": {"ns/o@1": {"orb": "ns/o@1.0.0", "sha256": "00"}}}',
            "l:1:1: error: 'ns/o@1' needs an 'orb' and a 'sha256' of 64 hexadecimal digits",
        ),
        (
            '{"format": 1, "orbs": {"ns/o@1": {"orb": "evil/o@1.0.0", "sha256": "DIGEST"}}}',
            "l:1:1: error: 'evil/o@1.0.0' is no version that 'ns/o@1' may stand for",
        ),
    ],
)
def test_what_is_no_lock_is_an_error_with_a_remedy(tmp_path, text, told):
    text = text.replace("DIGEST", DIGEST)
    (tmp_path / "l").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ConfigError) as caught:
        read_lock(tmp_path / "l")
    [line] = str(caught.value).replace(f"{tmp_path}/", "").splitlines()

    assert line.startswith(told)
    assert line.endswith("(restore the file, or remove it and run 'samo config vendor')")
