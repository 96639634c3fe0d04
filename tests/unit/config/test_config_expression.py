"""Expressions: against a small oracle, and at the places where they are wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samo.config.evaluation import ExpressionError
from samo.config.expression import (
    Infix,
    Name,
    Not,
    evaluate_expression,
    parse_expression,
)

VALUES = {"branch": "main", "tag": None, "number": 7, "yes": True, "no": False, "empty": ""}


def value_of(text):
    return evaluate_expression(parse_expression(text), lambda name, _at: VALUES[name])


def fault_of(text):
    with pytest.raises(ExpressionError) as caught:
        value_of(text)
    return f"{caught.value.offset} {caught.value.kind}: {caught.value.message}"


def holds(value):
    return value is not None and value is not False


class Written:
    """A piece of an expression, its text beside the value that it must have."""

    def __init__(self, text, *, value):
        self.text = text
        self.value = value


def joined(operator, left, right):
    text = f"({left.text} {operator} {right.text})"
    if operator == "and":
        return Written(text, value=right.value if holds(left.value) else left.value)
    if operator == "or":
        return Written(text, value=left.value if holds(left.value) else right.value)
    if left.value is None or right.value is None:
        return Written(text, value=None)
    is_equal = type(left.value) is type(right.value) and left.value == right.value
    return Written(text, value=is_equal == (operator == "=="))


ATOMS = st.sampled_from(
    [
        *(Written(name, value=value) for name, value in VALUES.items()),
        Written("true", value=True),
        Written("FALSE", value=False),
        Written("null", value=None),
        Written("12", value=12),
        Written('"a \\"b\\""', value='a "b"'),
    ]
)
WRITTEN = st.recursive(
    ATOMS,
    lambda inner: (
        st.builds(joined, st.sampled_from(["and", "or", "==", "!="]), inner, inner)
        | inner.map(lambda each: Written(f"(not {each.text})", value=not holds(each.value)))
    ),
    max_leaves=12,
)


@given(WRITTEN)
def test_an_expression_has_the_value_of_its_parts(written):
    assert value_of(written.text) == written.value


LEVELS = {
    "or": 1, "and": 2,
    "==": 3, "!=": 3, "starts-with": 3, "contains": 3,
    "<": 4, "<=": 4, ">": 4, ">=": 4,
}  # fmt: skip
TREES = st.recursive(
    st.sampled_from(["a", "b.c", "d-e"]),
    lambda inner: (
        st.tuples(st.sampled_from(sorted(LEVELS)), inner, inner) | st.tuples(st.just("not"), inner)
    ),
    max_leaves=20,
)


def printed(tree, level=0):
    """Return the text of a tree, in parentheses only where `level` binds tighter than it does."""
    match tree:
        case "not", operand:
            return f"not {printed(operand, 5)}"
        case operator, left, right:
            own = LEVELS[operator]
            text = f"{printed(left, own)} {operator} {printed(right, own + 1)}"
            return f"({text})" if own < level else text
    return tree


def as_tuples(tree):
    match tree:
        case Name(name):
            return name
        case Not(operand):
            return ("not", as_tuples(operand))
        case Infix(operator, left, right):
            return (operator, as_tuples(left), as_tuples(right))


@given(TREES)
def test_a_tree_printed_with_the_fewest_parentheses_is_read_back(tree):
    assert as_tuples(parse_expression(printed(tree))) == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no and yes or 1", 1),
        ("not no and no", False),
        ("not tag == true", True),
        ("1 < 2 == true", True),
        ('branch starts-with "ma"', True),
        ('branch contains "ai"', True),
        ("branch matches /ma/", False),
        ("branch matches /^m.*/", True),
        ('"a/b" matches /a\\/b/', True),
        ("yes and branch", "main"),
        ("tag or 12", 12),
        ("empty and 1", 1),
        ('branch != "x"\n  and number >= 7', True),
        ('tag != "x"', None),
        ("number == true", False),
    ],
)
def test_operators_bind_and_decide_as_documented(text, value):
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "0 expression-syntax: the expression ends too early"),
        ("branch = 1", "7 expression-syntax: trailing input: unexpected '='"),
        ("(true", "5 expression-syntax: missing ')'"),
        ('"a" or', "6 expression-syntax: the expression ends too early"),
        ('"a', "0 expression-syntax: the string has no end"),
        ("'a'", '0 expression-syntax: an operand is missing: unexpected "\'"'),
        ("true And true", "5 expression-syntax: trailing input: unexpected 'And'"),
        ("branch matches 1", "7 expression-syntax: 'matches' needs a regex on its right"),
        (
            "branch matches /(?=a)/",
            "15 expression-syntax: the regex has '(?=', which RE2 lacks",
        ),
        ("9223372036854775808", "0 expression-syntax: the number is too large"),
        ('number starts-with "1"', "7 expression-type: 'starts-with' compares strings, found 7"),
        ("branch > 3", "7 expression-type: '>' compares integers, found 'main'"),
        ("true and " * 200 + "true", "1355 expression-syntax: more than 150 operators"),
        ("(" * 101 + "1", "100 expression-syntax: nested more than 100 levels deep"),
    ],
)
def test_a_fault_is_told_at_its_offset(text, fault):
    assert fault_of(text) == fault
