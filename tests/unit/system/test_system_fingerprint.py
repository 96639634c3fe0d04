import pytest

from samo.system import fingerprint


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (b"", 0x6C62272E07BB014262B821756295C58D),
        (b"a", 0xD228CB696F1A8CAF78912B704E4A8964),
        (b"foobar", 0x343E1662793C64BF6F0D3597BA446F18),
    ],
)
def test_a_fingerprint_is_that_of_fnv_1a(text, number):
    assert fingerprint(text) == number
