"""What a person can do about a fault that a YAML parser tells in its own words."""

_REMEDIES = (
    ("mapping values are not allowed", "quote a text that holds ': ', or check the indentation"),
    ("could not find expected ':'", "write 'key: value', or check the indentation"),
    ("did not find expected key", "check the indentation"),
    ("did not find expected '-' indicator", "check the indentation"),
    ("did not find expected ',' or", "close the bracket, or quote a text that holds ': '"),
    ("did not find expected alphabetic", "quote a text that begins with '*' or '&'"),
    ("cannot start any token", "quote the text that begins here"),
    ("found unexpected end of stream", "close the quote"),
    ("found unknown escape character", "double the backslash, or use single quotes"),
    ("undefined tag handle", "quote a text that begins with '!'"),
)


def yaml_hint(problem: str, found: str, context: str) -> str:
    """Return the remedy, and in what the fault stands.

    `problem` and `context` are the parser's words, `found` is the character that it stopped at.
    """
    if found == "\t":
        return "indent with spaces, not with tabs"
    remedies = [remedy for words, remedy in _REMEDIES if words in problem]
    return "; ".join(filter(None, [*remedies[:1], context])) or "check quotes and indentation"
