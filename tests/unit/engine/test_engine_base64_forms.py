import base64

from hypothesis import given
from hypothesis import strategies as st

from samo.engine.base64_forms import base64_forms


def forms(value):
    return {form for _, each in base64_forms(value) for form in each}


def test_the_forms_of_a_value_at_each_place():
    assert forms("hunter") == {
        "aHVudGVy",
        "h1bnRlc",
        "h1bnRlcg",
        "h1bnRlcg==",
        "odW50ZX",
        "odW50ZXI",
        "odW50ZXI=",
    }


def test_both_alphabets_are_known():
    assert {"Pz8/Pz8+Pj4+", "Pz8_Pz8-Pj4-"} <= forms("?????>>>>")


def test_each_line_of_a_long_value_is_a_form():
    value = "x" * 100
    lines = base64.encodebytes(value.encode()).decode().splitlines()

    assert len(lines) == 2
    assert set(lines) <= forms(value)


@given(st.binary(max_size=9), st.text(min_size=4, max_size=30), st.binary(max_size=9))
def test_a_value_within_a_text_is_found_wherever_it_stands(before, value, after):
    data = before + value.encode() + after
    for encoded in (base64.b64encode(data), base64.urlsafe_b64encode(data)):
        found = [
            (common, form)
            for common, each in base64_forms(value)
            for form in each
            if form in encoded.decode()
        ]
        assert found
        assert all(common in form for common, form in found)
