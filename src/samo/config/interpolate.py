"""Text with `<< >>` in it: cut into parts, once per text, and put together for a scope."""

import re
from functools import lru_cache

from samo.config.evaluation import UNBOUND, ExpressionError, Lookup
from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import ProblemKind


@dataclass(frozen=True, slots=True)
class Tag:
    """What stands between `<<` and `>>`; `offset` is where it begins, the `<<` included."""

    text: str
    offset: int
    body_offset: int


@dataclass(frozen=True, slots=True)
class Section:
    """`<<# name >>...<</ name >>`, or `<<^ name >>` for its opposite (PAR-029)."""

    name: Tag
    is_inverted: bool
    parts: tuple["Part", ...]


Part = str | Tag | Section
_TAG = re.compile(r"\\<<|<<(?P<sign>[#^/]?)(?P<body>.*?)>>|<<", re.DOTALL)
_SIMPLE = re.compile(r"[A-Za-z_][\w.-]*")
_ELEMENT = re.compile(r"(?:pipeline\.)?parameters\.|matrix\.")
MAX_TEXT = 1_000_000
MAX_SECTIONS = 50
_ESCAPE = "a literal '<<' is written '\\<<'"


@lru_cache(maxsize=8192)
def split_text(text: str) -> tuple[Part, ...]:
    """Return the parts of a text; raises ExpressionError where a tag or section has no end."""
    open_sections: list[tuple[Tag, bool]] = []
    levels: list[list[Part]] = [[]]
    position = 0
    for found in _TAG.finditer(text):
        if found.start() > position:
            levels[-1].append(text[position : found.start()])
        position = found.end()
        if found[0].startswith("\\"):
            levels[-1].append("<<")
            continue
        _take(found, levels, open_sections)
    if open_sections:
        tag = open_sections[-1][0]
        raise _fault(f"the section '<<# {tag.text} >>' has no end", tag.offset, "close it")
    if position < len(text):
        levels[-1].append(text[position:])
    return tuple(levels[0])


def interpolate(text: str, lookup: Lookup) -> object:
    """Return the value of a text: typed where one tag is all of it (PAR-020), else text."""
    parts = split_text(text)
    solid = [part for part in parts if not (isinstance(part, str) and part.isspace())]
    if len(solid) == 1 and isinstance(solid[0], Tag):
        value = _value(solid[0], lookup)
        if not isinstance(value, str) or len(parts) == 1:
            return value
    rendered = _rendered(parts, lookup)
    return UNBOUND if rendered is None else rendered


def render(value: object) -> str:
    """Return the form of a value within text (PAR-020, PAR-031)."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
    return str(value)


def _take(
    found: re.Match[str], levels: list[list[Part]], open_sections: list[tuple[Tag, bool]]
) -> None:
    if found["body"] is None:
        raise _fault("'<<' opens a tag that no '>>' closes", found.start(), _ESCAPE)
    body = found["body"]
    lead = len(body) - len(body.lstrip())
    tag = Tag(body.strip(), found.start(), found.start("body") + lead)
    if not found["sign"]:
        levels[-1].append(tag)
    elif found["sign"] != "/" and len(levels) > MAX_SECTIONS:
        raise _fault(f"more than {MAX_SECTIONS} sections within each other", found.start(), "")
    elif found["sign"] != "/":
        open_sections.append((tag, found["sign"] == "^"))
        levels.append([])
    elif not open_sections or open_sections[-1][0].text != tag.text:
        message = f"'<</ {tag.text} >>' closes a section that is not open"
        raise _fault(message, found.start(), "open it with '<<# ... >>'")
    else:
        opening, is_inverted = open_sections.pop()
        parts = tuple(levels.pop())
        levels[-1].append(Section(opening, is_inverted, parts))


def _rendered(parts: tuple[Part, ...], lookup: Lookup) -> str | None:
    """Return the text, None where only an invocation can tell it."""
    out: list[str] = []
    is_bound = True
    room = MAX_TEXT
    for part in parts:
        piece = _piece(part, lookup)
        is_bound = is_bound and piece is not None
        out.append(piece or "")
        room -= 0 if isinstance(part, str) else len(out[-1])
        if room < 0:
            message = f"parameters make this text grow to more than {MAX_TEXT:,} characters"
            raise _fault(message, 0, "pass less text on")
    return "".join(out) if is_bound else None


def _piece(part: Part, lookup: Lookup) -> str | None:
    match part:
        case str():
            return part
        case Section():
            return _section(part, lookup)
    value = _value(part, lookup)
    return None if value is UNBOUND else _embedded(value, part)


def _section(section: Section, lookup: Lookup) -> str | None:
    value = _value(section.name, lookup)
    if value is UNBOUND:
        _rendered(section.parts, lookup)
        return None
    if bool(value) == section.is_inverted:
        return ""
    return _rendered(section.parts, lookup)


def _embedded(value: object, tag: Tag) -> str:
    if isinstance(value, str | int | float | None):
        return render(value)
    name = getattr(value, "name", None)
    if isinstance(name, str):  # an executor is known by its name
        return name
    message = f"'<< {tag.text} >>' is a list of steps, which cannot stand within text"
    raise ExpressionError(ProblemKind.PARAM_TYPE, message, tag.offset, "use it as '- steps:'")


def _value(tag: Tag, lookup: Lookup) -> object:
    # PAR-028: what begins like a reference is one, whatever characters its name has.
    if _SIMPLE.fullmatch(tag.text) or (_ELEMENT.match(tag.text) and _is_bare(tag.text)):
        return lookup(tag.text, tag.offset)
    if tag.text.startswith("include(") and tag.text.endswith(")"):
        hint = "includes are resolved when an orb is packed; write the script here"
        raise _fault(f"'<<{tag.text}>>' has no meaning in a config", tag.offset, hint)
    # Most tags are a name: what reads an expression is imported where there is one.
    from samo.config.expression import evaluate_expression, parse_expression  # noqa: PLC0415

    try:
        tree = parse_expression(tag.text)
    except ExpressionError as error:
        raise _not_an_expression(tag, error) from error
    return evaluate_expression(tree, lambda name, at: lookup(name, tag.body_offset + at))


def _is_bare(text: str) -> bool:
    return not any(character in text for character in ' \t\n()"=!<>')


def _not_an_expression(tag: Tag, error: ExpressionError) -> ExpressionError:
    if re.search(r"\b(pipeline|parameters|matrix)\.", tag.text):
        offset = tag.body_offset + error.offset
        return ExpressionError(error.kind, error.message, offset, error.hint)
    shown = tag.text if len(tag.text) < 40 else tag.text[:37] + "..."
    shown = shown.replace("\n", " ")
    return _fault(f"'<< {shown} >>' is neither a value nor an expression", tag.offset, _ESCAPE)


def _fault(message: str, offset: int, hint: str) -> ExpressionError:
    return ExpressionError(ProblemKind.INTERPOLATION, message, offset, hint)
