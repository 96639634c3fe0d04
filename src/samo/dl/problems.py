"""Errors as the client reads them: JSON after RFC 9457, never with the text that was sent."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from samo.dl.model_folder import ModelError

_MEDIA_TYPE = "application/problem+json"
PROBLEM: dict[str, object] = {"description": "A problem (RFC 9457)", "content": {_MEDIA_TYPE: {}}}
"""What /openapi.json says of every answer that is an error."""

logger = logging.getLogger(__name__)


def problem(status: int, detail: str, *, errors: Sequence[Mapping[str, str]] = ()) -> Response:
    """Return the answer for an error: a status, a title, and what is wrong in this request."""
    body: dict[str, object] = {
        "status": status,
        "title": HTTPStatus(status).phrase,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    # Escaped to ASCII: what a client sent may hold half of a character.
    return Response(json.dumps(body), status, media_type=_MEDIA_TYPE)


def answer_with_problems(api: FastAPI) -> None:
    """Let `api` answer each error with a problem."""
    api.add_exception_handler(HTTPException, _http_problem)
    api.add_exception_handler(RequestValidationError, _validation_problem)
    api.add_exception_handler(ModelError, _model_problem)
    api.add_exception_handler(Exception, _own_problem)


def _http_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return problem(error.status_code, "the body can't be read as JSON in UTF-8")
    answer = problem(error.status_code, _told(error.status_code))
    answer.headers.update(error.headers or {})
    return answer


def _told(status: int) -> str:
    match status:
        case HTTPStatus.NOT_FOUND:
            return "there is nothing at this path"
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return "this path has another method"
        case _:
            return HTTPStatus(status).description


def _validation_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if not _is_json(request.headers.get("content-type", "")):
        return problem(415, "the body must be JSON: send 'Content-Type: application/json'")
    errors = error.errors()
    if any(each["type"] == "json_invalid" for each in errors):
        return problem(400, "the body can't be read as JSON in UTF-8")
    found = [{"pointer": _pointer(each["loc"]), "detail": each["msg"]} for each in errors]
    detail = "; ".join(f"{each['pointer'] or 'the body'}: {each['detail']}" for each in found)
    return problem(422, detail, errors=found)


def _model_problem(_request: Request, error: Exception) -> Response:
    logger.error("the model can't be loaded: %s", error)
    return problem(503, "the model can't be loaded; the log says why")


def _own_problem(_request: Request, _error: Exception) -> Response:
    return problem(500, "this is a bug of the service; the log has it")


def _is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


def _pointer(location: Iterable[str | int]) -> str:
    """Return the JSON pointer (RFC 6901) of a place in the body."""
    keys = [str(key).replace("~", "~0").replace("/", "~1") for key in location]
    return "".join(f"/{key}" for key in keys[1:])
