"""Our dataclass against the standard library's."""

import dataclasses
from dataclasses import field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samo.pipeline import dataclass as ours

PROPERTIES = {"frozen": True, "slots": True, "kw_only": True}


def classes(decorate):
    @decorate(**PROPERTIES)
    class Base:
        """A base."""

        number: int
        word: str = "w"

    @decorate(**PROPERTIES)
    class Record(Base):
        """A record."""

        place: object = field(default=None, compare=False)
        items: list[int] = field(default_factory=list)

    @decorate(frozen=True, slots=True)
    class Pair:
        """Positional."""

        left: int
        right: int = 2

    @decorate
    class Loose:
        """Neither frozen nor hashable."""

        value: int = 0

    @decorate(**PROPERTIES, eq=False)
    class Identity:
        """Compared by identity."""

        value: int = 0

    @decorate(**PROPERTIES)
    class Empty:
        """Without fields."""

    return Base, Record, Pair, Loose, Identity, Empty


STANDARD = classes(dataclasses.dataclass)
OURS = classes(ours.dataclass)
BOTH = pytest.mark.parametrize("kinds", [STANDARD, OURS], ids=["standard", "ours"])
VALUES = st.fixed_dictionaries(
    {"number": st.integers(0, 2)},
    optional={
        "word": st.sampled_from("ab"),
        "place": st.integers(0, 2),
        "items": st.lists(st.integers(0, 1), max_size=1),
    },
)


@given(VALUES, VALUES)
def test_values_are_shown_and_compared_alike(first, second):
    _, standard, *_ = STANDARD
    _, record, *_ = OURS

    assert repr(record(**first)) == repr(standard(**first))
    assert (record(**first) == record(**second)) == (standard(**first) == standard(**second))
    assert dataclasses.asdict(record(**first)) == dataclasses.asdict(standard(**first))


@BOTH
def test_equal_values_have_equal_hashes(kinds):
    base, _, pair, loose, identity, empty = kinds

    assert hash(base(number=1)) == hash(base(number=1, word="w"))
    assert hash(pair(1)) == hash(pair(1, 2))
    assert empty() == empty()
    assert {identity(), identity()} != {identity()}
    with pytest.raises(TypeError):
        hash(loose())


@BOTH
def test_a_field_that_is_not_compared_does_not_count(kinds):
    _, record, *_ = kinds

    assert record(number=1, place="here") == record(number=1, place="there")


@BOTH
def test_classes_are_told_apart(kinds):
    base, _, pair, *_ = kinds

    assert base(number=1) != pair(1)
    assert base(number=1) != 1


@BOTH
def test_a_frozen_value_cannot_be_changed(kinds):
    base, *_ = kinds
    value = base(number=1)

    with pytest.raises(dataclasses.FrozenInstanceError):
        value.number = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del value.number
    with pytest.raises((AttributeError, TypeError)):
        value.other = 2


@BOTH
def test_replace_gives_a_changed_copy(kinds):
    base, _, pair, loose, *_ = kinds
    changed = loose(1)
    changed.value = 3

    assert dataclasses.replace(base(number=1), word="x") == base(number=1, word="x")
    assert dataclasses.replace(pair(1), right=5) == pair(1, 5)
    assert changed == loose(3)


@BOTH
def test_each_value_has_its_own_default(kinds):
    _, record, *_ = kinds
    record(number=1).items.append(1)

    assert record(number=1).items == []


@BOTH
@pytest.mark.parametrize(
    ("args", "values"),
    [((), {}), ((1,), {}), ((), {"number": 1, "no": 1}), ((), {"no": 1}), ((1, 2), {})],
)
def test_a_wrong_call_is_a_type_error(kinds, args, values):
    base, *_ = kinds

    with pytest.raises(TypeError):
        base(*args, **values)


@BOTH
@pytest.mark.parametrize(("args", "values"), [((1, 2, 3), {}), ((1,), {"left": 1}), ((), {})])
def test_positions_are_filled_once(kinds, args, values):
    _, _, pair, *_ = kinds

    with pytest.raises(TypeError):
        pair(*args, **values)


@BOTH
def test_a_value_can_be_matched(kinds):
    base, _, pair, *_ = kinds

    match pair(1), base(number=2):
        case pair(left, right), base(number=number):
            assert (left, right, number) == (1, 2, 2)
        case _:
            pytest.fail("no match")
