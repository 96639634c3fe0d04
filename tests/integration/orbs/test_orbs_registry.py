"""The registry's client against a server that speaks its protocol."""

import socket
import threading

import pytest
from orbs_registry import running_registry

from samo.orbs import Registry, registry_for
from samo.orbs.problems import UnreachableError
from samo.orbs.registry import Published
from samo.pipeline.problem import ConfigError, UsageError

pytestmark = pytest.mark.integration

ORBS = {
    "ns/orb@1.2.3": "# 1.2.3",
    "ns/orb@1.2.10": "# 1.2.10",
    "ns/orb@1.10.0": "# 1.10.0",
    "ns/orb@2.0.0": "# 2.0.0",
    "ns/orb@dev:first": "# dev",
}


@pytest.fixture
def server():
    with running_registry(ORBS) as running:
        yield running


def told(server, reference, **how):
    with pytest.raises(ConfigError) as caught:
        Registry(host=server.host, timeout_s=0.5, **how).fetch(reference)
    return str(caught.value).replace(server.host, "HOST"), type(caught.value)


@pytest.mark.parametrize(
    ("reference", "exact"),
    [
        ("ns/orb@1.2.3", "1.2.3"),
        ("ns/orb@1.2", "1.2.10"),
        ("ns/orb@1", "1.10.0"),
        ("ns/orb@volatile", "2.0.0"),
        ("ns/orb@dev:first", "dev:first"),
    ],
)
def test_a_reference_is_answered_with_an_exact_version_and_its_text(server, reference, exact):
    published = Registry(host=server.host).fetch(reference)

    assert published == Published(orb=f"ns/orb@{exact}", text=ORBS[f"ns/orb@{exact}"])
    assert server.asked == [reference]


def test_an_unknown_version_is_told_with_the_newest(server):
    assert told(server, "ns/orb@3") == (
        "error: the orb 'ns/orb' has no version '3' (the newest is 2.0.0)",
        ConfigError,
    )


def test_an_unknown_orb_is_told_with_what_a_private_one_needs(server):
    message = "error: HOST knows no orb 'ns/gone'"

    assert told(server, "ns/gone@1") == (
        f"{message} (a private orb needs CIRCLECI_CLI_TOKEN)",
        ConfigError,
    )
    assert told(server, "ns/gone@1", token="t") == (message, ConfigError)


@pytest.mark.parametrize(
    ("reply", "message", "kind"),
    [
        ((500, b""), "HOST answered with 500 Internal Server Error", UnreachableError),
        ((503, b"{}"), "HOST answered with 503 Service Unavailable", UnreachableError),
        ((429, b""), "HOST answered with 429 Too Many Requests", UnreachableError),
        ((401, b""), "HOST answered with 401 Unauthorized", ConfigError),
        ((302, b""), "HOST answered with 302 Found", ConfigError),
        ((200, b"<html>"), "HOST answered with something that is no JSON", UnreachableError),
        ((200, b"\xff"), "HOST answered with something that is no JSON", UnreachableError),
        ((200, b"["), "HOST answered with something that is no JSON", UnreachableError),
        ((200, b"[]"), "HOST answered with JSON that is no answer of a registry", UnreachableError),
        (
            (200, b'{"data": null, "errors": [{"message": "no such field"}]}'),
            "HOST answered: no such field",
            ConfigError,
        ),
        ((200, b'{"errors": 1}'), "HOST answered: an error", ConfigError),
        (
            (200, b'{"data": {"orbVersion": {"version": "1.2.4", "source": "x"}}}'),
            "HOST answered with 'ns/orb@1.2.4' for the orb 'ns/orb@1.2.3'",
            ConfigError,
        ),
        (
            (200, b'{"data": {"orbVersion": {"version": "1.2.3", "source": "\\ud800"}}}'),
            "HOST answered with 'ns/orb@1.2.3' for the orb 'ns/orb@1.2.3'",
            ConfigError,
        ),
        (
            (200, b'{"data": {"orbVersion": {"version": "1.2.3", "source": null}}}'),
            "HOST answered with 'ns/orb@1.2.3' for the orb 'ns/orb@1.2.3'",
            ConfigError,
        ),
        (
            (200, b'{"data": {"orbVersion": "' + b"x" * 16_000_000 + b'"}}'),
            "HOST answered with more than 16,000,000 bytes",
            ConfigError,
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_answer_that_is_none_has_its_own_words(server, reply, message, kind):
    server.reply = reply

    assert told(server, "ns/orb@1.2.3") == (f"error: {message}", kind)


def test_a_server_that_says_nothing_is_left_in_time(server):
    server.silence = threading.Event()

    assert told(server, "ns/orb@1") == (
        "error: HOST did not answer within 0.5 s",
        UnreachableError,
    )


def test_a_server_that_trickles_is_left_in_time():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"http://127.0.0.1:{listener.getsockname()[1]}"
        gone = threading.Event()

        def trickle():
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
                while not gone.wait(0.02):
                    try:
                        connection.sendall(b"x" * 70_000)
                    except OSError:
                        return

        thread = threading.Thread(target=trickle)
        thread.start()
        with pytest.raises(UnreachableError, match=r"did not answer within 0\.1 s"):
            Registry(host=host, timeout_s=0.1).fetch("ns/orb@1")
        gone.set()
        thread.join()


def test_without_a_network_the_reason_is_told():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(UnreachableError) as caught:
        Registry(host=f"http://127.0.0.1:{port}").fetch("ns/orb@1")

    assert str(caught.value) == (
        f"error: http://127.0.0.1:{port} cannot be reached: Connection refused"
    )


def test_the_token_is_sent_where_there_is_one(server):
    Registry(host=server.host).fetch("ns/orb@1")
    Registry(host=server.host, token="secret").fetch("ns/orb@1")

    assert server.tokens == [None, "secret"]


def test_the_registry_is_the_one_that_circlecis_own_command_asks():
    assert registry_for({}) == Registry(host="https://circleci.com", token="")
    assert registry_for({"CIRCLE_TOKEN": "t"}).token == "t"
    assert registry_for({"CIRCLECI_CLI_TOKEN": "c", "CIRCLE_TOKEN": "t"}).token == "c"
    assert registry_for({"CIRCLECI_CLI_HOST": "https://ci.example/"}).host == "https://ci.example"
    assert registry_for({"CIRCLE_HOST": "http://localhost:1"}).host == "http://localhost:1"


@pytest.mark.parametrize("host", ["http://ci.example", "ci.example", "file:///etc", "https", "[x"])
def test_a_token_never_leaves_this_machine_in_plain_text(host):
    with pytest.raises(UsageError, match="the registry's address must begin with https://"):
        registry_for({"CIRCLECI_CLI_HOST": host})
