"""What the endpoint of a setup run replies, over real HTTP."""

import json
import socket
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from samo.cli.continue_endpoint import ContinueEndpoint, Reply

pytestmark = pytest.mark.integration


def echo(body):
    return Reply(status=HTTPStatus.OK, message=body.decode())


@contextmanager
def connected(answer=echo):
    with ContinueEndpoint() as endpoint, endpoint.answering(answer):
        url = urlsplit(endpoint.address)
        connection = HTTPConnection(url.hostname, url.port, timeout=10)
        try:
            yield connection, url.path
        finally:
            connection.close()


def ask(method, path=None, *, body=None, **headers):
    with connected() as (connection, own_path):
        connection.request(method, path or own_path, body, headers)
        reply = connection.getresponse()
        return reply.status, reply.read()


def test_a_request_is_answered_with_a_message():
    status, body = ask("POST", body="h\u00e9llo".encode())

    assert (status, json.loads(body)) == (200, {"message": "h\u00e9llo"})


def test_it_listens_for_this_machine_alone():
    with ContinueEndpoint() as endpoint:
        assert endpoint.address.startswith("http://127.0.0.1:")


def test_another_path_is_not_found():
    assert ask("POST", "/api/v2/me", body=b"x")[0] == 404


def test_a_length_that_nobody_needs_is_refused_before_it_is_read():
    assert ask("POST", **{"Content-Length": "9" * 30})[0] == 413


def test_a_body_without_a_length_is_refused():
    assert ask("POST", **{"Transfer-Encoding": "chunked"})[0] == 411


def test_a_client_that_goes_away_is_no_harm():
    with connected() as (connection, path):
        with socket.create_connection((connection.host, connection.port)) as gone:
            gone.sendall(f"POST {path} HTTP/1.1\r\nContent-Length: 9\r\n\r\nhal".encode())
        connection.request("POST", path, b"next")
        assert json.loads(connection.getresponse().read()) == {"message": "next"}


def test_a_request_waits_until_somebody_answers():
    with ContinueEndpoint() as endpoint:
        url = urlsplit(endpoint.address)
        connection = HTTPConnection(url.hostname, url.port, timeout=10)
        connection.request("POST", url.path, b"early")
        with endpoint.answering(echo):
            assert json.loads(connection.getresponse().read()) == {"message": "early"}
        connection.close()


def test_a_bug_of_ours_is_raised_where_the_answering_ends():
    def broken(_body):
        raise ZeroDivisionError

    def post():
        with connected(broken) as (connection, path), suppress(ConnectionError):
            connection.request("POST", path, b"x")
            connection.getresponse()

    with pytest.raises(ZeroDivisionError):
        post()
