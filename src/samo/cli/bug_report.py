"""What is said of an exception that nobody planned for: a bug of ours."""

import tempfile
import traceback


def bug_report(error: Exception) -> str:
    """Return one line that names the bug, and the file with its traceback."""
    told = "".join(traceback.format_exception_only(error)).strip().splitlines()[0]
    return f"this is a bug of samo: {told} ({_kept_traceback(error)})"


def _kept_traceback(error: Exception) -> str:
    text = "".join(traceback.format_exception(error))
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="samo-bug-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            file.write(text)
    except OSError as reason:
        return f"the traceback could not be written: {reason.strerror}"
    return f"the traceback is in {file.name}"
