"""Expressions (LOG-015 to LOG-026): text to a small tree, and the tree to a value.

A Pratt parser: each operator has a binding power, and an operand is read as long as what follows
binds tighter than what stands before it. `not` binds tighter than every comparison: the language
says so (LOG-015), odd as it looks to those who know Python.
"""

import re
from functools import lru_cache

from samo.config.evaluation import UNBOUND, ExpressionError, Lookup
from samo.config.re2 import compile_re2
from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import ProblemKind
from samo.pipeline.regex import is_full_match

MAX_DEPTH = 100
MAX_REGEX = 256
MAX_OPERATORS = 150


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    value: str | int | bool | None


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted name."""

    name: str
    offset: int


@dataclass(frozen=True, slots=True)
class Regex:
    """The right side of `matches`."""

    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Not:
    """The negation of an operand."""

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Infix:
    """Two operands, and the operator between them."""

    operator: str
    left: "Expression"
    right: "Expression"
    offset: int


Expression = Literal | Name | Regex | Not | Infix

_TOKEN = re.compile(
    r"\s*(?:(?P<string>\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<number>\d+(?![\w.]))"
    r"|(?P<name>[A-Za-z][\w.-]*)"
    r"|(?P<operator>==|!=|<=|>=|<|>|!|\(|\))"
    r"|(?P<end>$)"
    r"|(?P<fault>.))",
    re.DOTALL,
)
_REGEX = re.compile(r"\s*/((?:[^/\\]|\\.)*)/", re.DOTALL)
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_POWERS = {
    "or": 1, "and": 2,
    "==": 3, "!=": 3, "starts-with": 3, "matches": 3, "contains": 3,
    "<": 4, "<=": 4, ">": 4, ">=": 4,
}  # fmt: skip
_NOT_POWER = 5
# LOG-016: keywords are lower or UPPER case, never mixed.
_KEYWORDS = {
    form: word
    for word in ("or", "and", "not", "starts-with", "matches", "contains", *_CONSTANTS)
    for form in (word, word.upper())
}
# RE2, the dialect here, has none of these (LOG-019).
_NOT_RE2 = re.compile(r"\(\?(?:[=!>]|<[=!])|\\[1-9]|\\k<|[*+?}]\+")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    offset: int


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> Expression:
    """Return the tree of an expression; raises ExpressionError."""
    parser = _Parser(text)
    tree = parser.operand(0)
    if parser.token.kind != "end":
        raise parser.unexpected("trailing input")
    return tree


def evaluate_expression(tree: Expression, lookup: Lookup) -> object:
    """Return the value of an expression; raises ExpressionError."""
    match tree:
        case Literal(value):
            return value
        case Name(name, offset):
            return lookup(name, offset)
        case Not(operand):
            negated = evaluate_expression(operand, lookup)
            return UNBOUND if negated is UNBOUND else not is_true(negated)
        case Infix():
            return _infix(tree, lookup)
        case Regex():
            return tree.pattern.pattern


def is_true(value: object) -> bool:
    """Whether a value holds in an expression: only false and null do not (LOG-021)."""
    return value is not None and value is not False


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._depth = 0
        self._operators = 0
        self.token = self._next(0)

    def operand(self, power: int) -> Expression:
        """Read as far as operators bind tighter than `power`."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._fault(f"nested more than {MAX_DEPTH} levels deep", self.token.offset)
        left = self._prefix()
        while _POWERS.get(self.token.text, 0) > power and self.token.kind in ("operator", "word"):
            operator = self.token
            self._operators += 1
            if self._operators > MAX_OPERATORS:
                raise self._fault(f"more than {MAX_OPERATORS} operators", operator.offset)
            if operator.text == "matches":
                right: Expression = self._regex(operator)
            else:
                self._advance()
                right = self.operand(_POWERS[operator.text])
            left = Infix(operator.text, left, right, operator.offset)
        self._depth -= 1
        return left

    def unexpected(self, what: str) -> ExpressionError:
        """Return the error that the current token does not belong here."""
        token = self.token
        if token.kind == "end":
            return self._fault("the expression ends too early", token.offset)
        hint = _REMEDIES.get(token.text, "")
        return self._fault(f"{what}: unexpected {token.text!r}", token.offset, hint)

    def _prefix(self) -> Expression:
        token = self.token
        if token.text in ("not", "!") and token.kind in ("word", "operator"):
            self._advance()
            return Not(self.operand(_NOT_POWER))
        if token.kind == "operator" and token.text == "(":
            self._advance()
            inner = self.operand(0)
            if self.token.text != ")" or self.token.kind != "operator":
                raise self._fault("missing ')'", self.token.offset)
            self._advance()
            return inner
        return self._atom()

    def _atom(self) -> Expression:
        token = self.token
        value: Expression
        match token.kind:
            case "string":
                value = Literal(_unescaped(token.text))
            case "number":
                value = Literal(self._number(token))
            case "constant":
                value = Literal(_CONSTANTS[token.text])
            case "name":
                value = Name(token.text, token.offset)
            case _:
                raise self.unexpected("an operand is missing")
        self._advance()
        return value

    def _number(self, token: _Token) -> int:
        if len(token.text) > 19 or int(token.text) >= 2**63:
            raise self._fault("the number is too large", token.offset, "at most 2^63-1")
        return int(token.text)

    def _regex(self, operator: _Token) -> Regex:
        start = operator.offset + len("matches")
        found = _REGEX.match(self._text, start)
        if not found:
            hint = "write a regex between slashes: matches /^v.*/"
            raise self._fault("'matches' needs a regex on its right", operator.offset, hint)
        pattern = found[1].replace("\\/", "/")
        offset = found.start(1) - 1
        self.token = self._next(found.end())
        if len(pattern) > MAX_REGEX:
            raise self._fault("the regex is too long", offset, f"at most {MAX_REGEX} characters")
        if unknown := _NOT_RE2.search(pattern):
            hint = "expressions take RE2: no look-around, no back-reference"
            raise self._fault(f"the regex has {unknown[0]!r}, which RE2 lacks", offset, hint)
        try:
            return Regex(compile_re2(pattern))
        except (re.error, OverflowError, RecursionError) as error:
            raise self._fault(f"not a valid regex: {error}", offset) from error

    def _advance(self) -> None:
        self.token = self._next(self.token.offset + len(self.token.text))

    def _next(self, position: int) -> _Token:
        found = _TOKEN.match(self._text, position)
        if found is None or found.lastgroup is None:
            return _Token("end", "", len(self._text))
        kind, text, offset = found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)
        if kind == "name" and text in _KEYWORDS:
            word = _KEYWORDS[text]  # as long as what was written: offsets hold
            return _Token("constant" if word in _CONSTANTS else "word", word, offset)
        if kind == "fault" and text == '"':
            raise self._fault("the string has no end", offset, 'close it with "')
        return _Token(kind, text, offset)

    def _fault(self, message: str, offset: int, hint: str = "") -> ExpressionError:
        return ExpressionError(ProblemKind.EXPRESSION_SYNTAX, message, offset, hint)


_REMEDIES = {
    "=": "'==' compares",
    "'": 'strings stand in double quotes: "main"',
    "&": "write 'and'",
    "|": "write 'or'",
    "/": "a regex stands only right of 'matches'",
}


def _unescaped(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1], flags=re.DOTALL)


def _infix(tree: Infix, lookup: Lookup) -> object:
    """Operators of one rank lean to the left, a hundred deep: a loop spares the stack."""
    spine = [tree]
    while isinstance(spine[-1].left, Infix):
        spine.append(spine[-1].left)
    value = evaluate_expression(spine[-1].left, lookup)
    for each in reversed(spine):
        apply = _choose if each.operator in ("or", "and") else _compare
        value = apply(each, value, lookup)
    return value


def _choose(tree: Infix, left: object, lookup: Lookup) -> object:
    """LOG-020: the operand that decides is the value."""
    if left is UNBOUND:
        evaluate_expression(tree.right, lookup)
        return UNBOUND
    if is_true(left) == (tree.operator == "or"):
        return left
    return evaluate_expression(tree.right, lookup)


def _compare(tree: Infix, left: object, lookup: Lookup) -> object:
    right: object = tree.right if isinstance(tree.right, Regex) else None
    if right is None:
        right = evaluate_expression(tree.right, lookup)
    if left is UNBOUND or right is UNBOUND:
        return UNBOUND
    if left is None or right is None:
        return None  # LOG-023: undefined, and so falsy
    if tree.operator in ("==", "!="):
        return (type(left) is type(right) and left == right) == (tree.operator == "==")
    wanted = int if tree.operator in ("<", "<=", ">", ">=") else str
    for operand in (left, right):
        if type(operand) is not wanted and not isinstance(operand, Regex):
            raise _type_fault(tree, wanted, operand)
    if isinstance(left, str) and isinstance(right, Regex):
        return _is_match(tree, left, right)
    return _apply(tree.operator, left, right)


def _is_match(tree: Infix, text: str, regex: Regex) -> bool:
    try:
        return is_full_match(regex.pattern, text)
    except re.error as error:
        message = f"the regex is too hard to match: {error}"
        raise ExpressionError(ProblemKind.EXPRESSION_SYNTAX, message, tree.offset) from error


def _apply(operator: str, left: object, right: object) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.startswith(right) if operator == "starts-with" else right in left
    assert isinstance(left, int)
    assert isinstance(right, int)
    match operator:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
    return left >= right


def _type_fault(tree: Infix, wanted: type, operand: object) -> ExpressionError:
    kinds = {str: "strings", int: "integers"}
    message = f"'{tree.operator}' compares {kinds[wanted]}, found {operand!r}"
    return ExpressionError(ProblemKind.EXPRESSION_TYPE, message, tree.offset)
