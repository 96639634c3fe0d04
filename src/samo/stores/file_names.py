"""Safe file names for names that may contain anything."""

import re
from functools import lru_cache

_LONGEST = 120
_UNSAFE = re.compile(rb"[^A-Za-z0-9_.-]|\A\.|\A-")


@lru_cache(maxsize=4096)
def file_name(name: str) -> str:
    """Return a file name for `name`; two names never share one, and none leaves its folder.

    A `%` that no two hexadecimal digits follow marks what percent-encoding cannot produce.
    """
    data = name.encode("utf-8", "surrogatepass")
    if not data:
        return "%empty"
    encoded = _UNSAFE.sub(lambda match: b"%%%02X" % match[0][0], data).decode()
    if len(encoded) <= _LONGEST:
        return encoded
    import hashlib  # noqa: PLC0415 - with OpenSSL, for names that are rare

    return f"{encoded[: _LONGEST // 2]}%-{hashlib.sha256(data).hexdigest()}"
