"""Orbs at an address: https and nothing else (ORB-013)."""

import shutil
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from samo.orbs import OrbCache, OrbSources, Registry
from samo.orbs.sources import Origin
from samo.pipeline.problem import ConfigError

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("openssl, which makes the server's certificate, is not here")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", "key.pem", "-out", "cert.pem"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def server(certificate):
    asked = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers["Authorization"]))
            moved = {
                "/moved.yml": "/orb.yml",
                "/plain.yml": "http://localhost:9/orb.yml",
                "/file.yml": "file:///etc/passwd",
            }.get(self.path)
            self.send_response(302 if moved else 200 if "orb" in self.path else 404)
            if moved:
                self.send_header("Location", moved)
            self.end_headers()
            self.wfile.write(b"\xff" if "binary" in self.path else b"commands: {}")

        def log_message(self, *_):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with ThreadingHTTPServer(("localhost", 0), Answers) as running:
        running.socket = context.wrap_socket(running.socket, server_side=True)
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield f"https://localhost:{running.server_address[1]}", asked
        running.shutdown()
        thread.join()


@pytest.fixture
def sources(certificate, tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    return OrbSources(cache=OrbCache(tmp_path), registry=Registry(token="secret"))


def test_an_orb_is_fetched_from_its_address_without_the_registrys_token(server, sources):
    host, asked = server
    found = sources.find(f"{host}/orb.yml")

    assert (found.exact, found.origin) == (f"{host}/orb.yml", Origin.ADDRESS)
    assert asked == [("/orb.yml", None)]


def test_it_is_cached_until_it_is_asked_for_anew(server, sources):
    host, asked = server
    sources.find(f"{host}/orb.yml")
    again = sources.find(f"{host}/orb.yml")
    anew = OrbSources(cache=sources.cache, registry=sources.registry, asks_anew=True)
    anew.find(f"{host}/orb.yml")

    assert again.origin is Origin.CACHE
    assert len(asked) == 2


def test_an_address_may_lead_to_another(server, sources):
    host, asked = server
    sources.find(f"{host}/moved.yml")

    assert [path for path, _ in asked] == ["/moved.yml", "/orb.yml"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/plain.yml", "answered with 302 Found"),
        ("/file.yml", "answered with 302 Found"),
        ("/none.yml", "answered with 404 Not Found"),
        ("/orb-binary.yml", "is no UTF-8"),
    ],
)
def test_what_is_no_orb_behind_https_is_refused(server, sources, path, told):
    host, _ = server
    with pytest.raises(ConfigError, match=told):
        sources.find(f"{host}{path}")


def test_a_server_that_nobody_vouches_for_is_refused(server, sources, monkeypatch):
    host, _ = server
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ConfigError, match="certificate verify failed"):
        sources.find(f"{host}/orb.yml")


@pytest.mark.parametrize("address", ["https://[", "https://", "https://a:b/", "https://@"])
def test_an_address_that_is_none_is_refused(sources, address):
    with pytest.raises(ConfigError):
        sources.find(address)
