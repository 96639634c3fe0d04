"""Text that takes effect elsewhere: which aliases and which imports a place is told with."""

from samo.config.uses import MAX_TOLD, Uses
from samo.pipeline.place import Place
from samo.pipeline.problem import Related


def at(line, column=1, path="c.yml"):
    return Place(path, line, column)


def alias(line):
    return Related(message="the alias", place=at(line))


def test_a_place_outside_of_all_that_is_used_elsewhere_has_no_uses():
    uses = Uses()
    uses.note_alias(at(3), at(5), at(9))

    assert [uses.index().of(at(line)) for line in (2, 5, 9)] == [(), (), ()]


def test_the_inner_of_two_anchors_is_told_before_the_outer():
    uses = Uses()
    uses.note_alias(at(1), at(9), at(20))
    uses.note_alias(at(3), at(5), at(21))
    uses.note_alias(at(6), at(7), at(22))

    assert uses.index().of(at(4)) == (alias(21), alias(20))
    assert uses.index().of(at(8)) == (alias(20),)


def test_two_that_begin_together_nest():
    uses = Uses()
    uses.note_alias(at(1), at(3), at(21))
    uses.note_alias(at(1), at(9), at(20))

    assert uses.index().of(at(2)) == (alias(21), alias(20))
    assert uses.index().of(at(4)) == (alias(20),)


def test_an_alias_within_what_an_alias_uses_is_followed():
    uses = Uses()
    uses.note_alias(at(1), at(3), at(5))
    uses.note_alias(at(4), at(7), at(10))

    assert uses.index().of(at(2)) == (alias(5), alias(10))


def test_an_orb_that_an_orb_imports_leads_to_the_users_file():
    uses = Uses()
    uses.note_orb("outer.yml", "ns/outer@1", at(3, 6))
    uses.note_orb("inner.yml", "ns/inner@2", at(2, 4, "outer.yml"))

    assert uses.index().of(at(7, 1, "inner.yml")) == (
        Related(message="the orb 'ns/inner@2'", place=at(2, 4, "outer.yml")),
        Related(message="the orb 'ns/outer@1'", place=at(3, 6)),
    )


def test_a_circle_of_uses_ends():
    uses = Uses()
    uses.note_orb("a.yml", "a", at(1, 1, "b.yml"))
    uses.note_orb("b.yml", "b", at(1, 1, "a.yml"))

    assert len(uses.index().of(at(5, 1, "a.yml"))) == 2


def test_of_many_uses_a_few_are_told():
    uses = Uses()
    for line in range(100):
        uses.note_alias(at(1), at(2), at(10 + line))

    assert len(uses.index().of(at(1))) == MAX_TOLD
