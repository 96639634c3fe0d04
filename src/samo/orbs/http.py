"""One question over HTTP: a bounded answer in bounded time, or the reason why there is none."""

import time
from collections.abc import Mapping
from dataclasses import field
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import samo
from samo.orbs.problems import unreachable, unresolved
from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import ConfigError

MAX_BYTES = 16_000_000
_CHUNK = 1 << 16
_TRIES_LATER = (408, 429)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: by POST where there is a `body`; `name` is how messages call who is asked."""

    name: str
    url: str
    timeout_s: float
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def ask(question: Question) -> bytes:
    """Return the body of the answer.

    Raises UnreachableError where nobody answers in time, ConfigError where the answer is a refusal.
    """
    try:
        # Its callers see to it that http, without the s, leads to this machine only.
        request = Request(question.url, question.body, _headers(question))  # noqa: S310
        with build_opener(_SafeRedirects).open(request, timeout=question.timeout_s) as response:
            return _read(response, question)
    except HTTPError as error:
        with error:
            raise _refusal(question, error) from error
    except TimeoutError as error:
        raise _silence(question) from error
    except (OSError, HTTPException, ValueError) as error:
        raise _failure(question, error) from error


def _headers(question: Question) -> dict[str, str]:
    # Some hosts turn away whoever calls himself by urllib's own name.
    return {"User-Agent": f"samo/{samo.__version__}", **question.headers}


class _SafeRedirects(HTTPRedirectHandler):
    """Follows an address to another one by https; what is posted, a token perhaps, goes nowhere."""

    def redirect_request(  # noqa: PLR0917 - as urllib calls it
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Return the request to go on with, None where the answer is to count as a refusal."""
        if req.data is not None or not newurl.startswith("https://"):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _read(response: IO[bytes], question: Question) -> bytes:
    # Each read has its own timeout: only the clock ends an answer that trickles.
    deadline = time.monotonic() + 3 * question.timeout_s
    content = bytearray()
    while chunk := response.read(_CHUNK):
        content += chunk
        if len(content) > MAX_BYTES:
            raise unresolved(f"{question.name} answered with more than {MAX_BYTES:,} bytes")
        if time.monotonic() > deadline:
            raise TimeoutError
    return bytes(content)


def _refusal(question: Question, error: HTTPError) -> ConfigError:
    told = f"{question.name} answered with {error.code} {error.reason}".rstrip()
    if error.code >= 500 or error.code in _TRIES_LATER:
        return unreachable(told)
    return unresolved(told)


def _failure(question: Question, error: Exception) -> ConfigError:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return _silence(question)
    told = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return unreachable(f"{question.name} cannot be reached: {told}")


def _silence(question: Question) -> ConfigError:
    return unreachable(f"{question.name} did not answer within {question.timeout_s:g} s")
