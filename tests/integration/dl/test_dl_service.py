"""Every endpoint of the service over HTTP, with good and bad input."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from running_service import client, running

pytestmark = pytest.mark.integration

JSON = {"content-type": "application/json"}
DIARY = "xyzzy-this-stays-with-me"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    log = tmp_path_factory.mktemp("service") / "log"
    with running(log) as (_process, address):
        yield address, log


@pytest.fixture
def http(service):
    with client(service[0]) as http:
        yield http


def detected(answer):
    return [each["label"] for each in answer.json()["emotions"] if each["detected"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thank you so much for your help today!", "gratitude"),
        ("I am so sad, I have been crying all night.", "sadness"),
        ("The meeting starts at nine on the second floor.", "neutral"),
    ],
)
def test_analyze_detects_an_emotion(http, text, expected):
    answer = http.post("/v1/analyze", json={"text": text})
    assert answer.status_code == 200
    assert (
        detected(answer)
        == [each["label"] for each in answer.json()["emotions"]][: len(detected(answer))]
    )
    assert expected in detected(answer)


def test_analyze_scores_all_28_labels(http):
    answer = http.post("/v1/analyze", json={"text": "A day like any other."}).json()
    assert len({each["label"] for each in answer["emotions"]}) == 28
    assert all(0 <= each["score"] <= 1 for each in answer["emotions"])
    assert answer["model"] == {"name": "emotion-tiny", "version": "1.0.0"}


def test_health_is_ok(http):
    answer = http.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_metrics_are_in_the_text_format_of_prometheus(http):
    http.get("/health")
    answer = http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'samo_http_requests_total{path="/health",status="200"}' in answer.text
    assert 'samo_model_load_seconds{model="emotion-tiny"}' in answer.text


def test_the_description_names_the_paths_and_what_they_answer(http):
    paths = http.get("/openapi.json").json()["paths"]
    answers = {
        path: {status: list(answer["content"]) for status, answer in each["responses"].items()}
        for path, methods in paths.items()
        for each in methods.values()
    }
    problem = {"default": ["application/problem+json"]}
    assert answers == {
        "/v1/analyze": {"200": ["application/json"], **problem},
        "/health": {"200": ["application/json"], **problem},
        "/metrics": {"200": ["text/plain"], **problem},
    }


def test_concurrent_requests_are_each_answered_with_their_own(service):
    texts = {"I love you!": "love", "Haha, hilarious!": "amusement", "I am terrified.": "fear"}

    def ask(text):
        with client(service[0]) as http:
            return detected(http.post("/v1/analyze", json={"text": text}))

    asked = list(texts) * 20
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, asked))
    missed = [text for text, found in zip(asked, answers, strict=True) if texts[text] not in found]
    assert missed == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b'{"text": ""}', 422),
        (b'{"text": "' + b"x" * 20_001 + b'"}', 422),
        (b'{"text": "' + b"x" * 1_000_000 + b'"}', 413),
        (rb'{"text": "\ud800"}', 422),
        (b'{"text": "\xc3\x28"}', 400),
        (b"[" * 200_000, 400),
        ('{"text": "\u202e\u0645\u0631\u062d\u0628\u0627 \U0001f600"}'.encode(), 200),
        (rb'{"text": "\u0000\u0007\u001b"}', 200),
    ],
)
def test_odd_input_is_never_an_error_of_the_service(http, body, status):
    answer = http.post("/v1/analyze", content=body, headers=JSON)
    assert answer.status_code == status


def test_the_service_goes_on_after_a_client_that_hangs_up_in_the_middle(http):
    host, port = http.base_url.host, http.base_url.port
    with socket.create_connection((host, port)) as connection:
        connection.sendall(
            b"POST /v1/analyze HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b'Content-Length: 100\r\n\r\n{"text":'
        )
    assert http.get("/health").status_code == 200


def test_the_log_never_holds_the_text(service, http):
    http.post("/v1/analyze", json={"text": DIARY})
    http.post("/v1/analyze", json={"text": [DIARY]})
    http.post("/v1/analyze", content=f'{{"text": "{DIARY}', headers=JSON)
    http.get("/v1/analyze", params={"text": DIARY})
    assert DIARY not in service[1].read_text()


def test_a_model_that_is_broken_is_told_and_read_again_once_it_is_whole(tmp_path):
    folder = tmp_path / "models" / "emotion-tiny"
    folder.mkdir(parents=True)
    (folder / "model.toml").write_text("name = 1")
    with (
        running(tmp_path / "log", SAMO_MODELS_DIR=str(folder.parent)) as (_, address),
        client(address) as http,
    ):
        assert http.get("/health").status_code == 503
        assert "model.toml: 'labels' is missing" in (tmp_path / "log").read_text()
        repair(folder)
        assert http.get("/health").status_code == 200


def repair(folder):
    from samo.dl.places import models_folder

    for file in (models_folder({}) / "emotion-tiny").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
