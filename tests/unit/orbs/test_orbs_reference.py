import pytest
from hypothesis import given
from hypothesis import strategies as st

from samo.orbs.reference import answers, name_of, newest, version_of

NUMBERS = st.integers(0, 30)


@pytest.mark.parametrize(
    ("exact", "reference"),
    [
        ("ns/o@1.2.3", "ns/o@1.2.3"),
        ("ns/o@1.2.3", "ns/o@1.2"),
        ("ns/o@1.2.3", "ns/o@1"),
        ("ns/o@1.2.3", "ns/o@volatile"),
        ("ns/o@dev:x", "ns/o@dev:x"),
        ("https://a.example/o.yml", "https://a.example/o.yml"),
    ],
)
def test_an_exact_orb_answers_a_reference_that_it_fits(exact, reference):
    assert answers(exact, reference)


@pytest.mark.parametrize(
    ("exact", "reference"),
    [
        ("ns/o@1.2.3", "ns/o@1.2.4"),
        ("ns/o@1.20.3", "ns/o@1.2"),
        ("ns/o@12.0.0", "ns/o@1"),
        ("ns/p@1.2.3", "ns/o@1"),
        ("evil/o@1.2.3", "ns/o@volatile"),
        ("ns/o@dev:x", "ns/o@volatile"),
        ("ns/o@1.2", "ns/o@1"),
        ("https://a.example/o.yml", "ns/o@1"),
        ("ns/o@1.2.3", "https://a.example/o.yml"),
    ],
)
def test_an_orb_does_not_answer_for_another(exact, reference):
    assert not answers(exact, reference)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1))
def test_volatile_is_the_highest_semantic_version(versions):
    known = [f"ns/o@{'.'.join(map(str, version))}" for version in versions]

    assert newest("ns/o@volatile", known) == f"ns/o@{'.'.join(map(str, max(versions)))}"


def test_what_is_named_itself_comes_before_what_is_newer():
    assert newest("ns/o@1", ["ns/o@1.9.0", "ns/o@1"]) == "ns/o@1"


def test_nothing_fits_where_nothing_is_known():
    assert newest("ns/o@1", ["ns/o@2.0.0"]) == ""


def test_an_address_has_no_version():
    address = "https://a.example/o@1.yml"

    assert (name_of(address), version_of(address)) == (address, "")
    assert (name_of("ns/o@1.2"), version_of("ns/o@1.2")) == ("ns/o", "1.2")
