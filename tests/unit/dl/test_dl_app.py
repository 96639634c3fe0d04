import json

import pytest
from asgi_client import Client
from dl_models import model
from hypothesis import given, settings
from hypothesis import strategies as st

from samo.dl.app import create_app
from samo.dl.limits import LONGEST_BODY
from samo.dl.manager import ModelManager
from samo.dl.model_folder import ModelError
from samo.dl.schema import LONGEST_TEXT

JSON = {"content-type": "application/json"}
NO_OBJECT = "Input should be a valid dictionary or object to extract fields from"
UNREADABLE = "the body can't be read as JSON in UTF-8"


@pytest.fixture
def client():
    app = create_app(ModelManager(lambda _name: model()))
    return Client(app)


def analyze(client, text):
    return client.post("/v1/analyze", json={"text": text})


def test_a_text_is_analyzed(client):
    answer = analyze(client, "I am happy")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "emotions": [
                {"label": "joy", "score": 0.982, "threshold": 0.6, "detected": True},
                {"label": "sadness", "score": 0.1192, "threshold": 0.4, "detected": False},
                {"label": "neutral", "score": 0.018, "threshold": 0.5, "detected": False},
            ],
            "model": {"name": "by-hand", "version": "1.2.3"},
        },
    )


@pytest.mark.parametrize(
    "text",
    [
        "\N{GRINNING FACE}",
        "\u202e\u0645\u0631\u062d\u0628\u0627",
        "\x00\x1b[31m\x7f",
        "x" * LONGEST_TEXT,
        "\N{GRINNING FACE}" * LONGEST_TEXT,
        "a\u0300\u0301\u0302" * 1000,
        "\ufdfa" * LONGEST_TEXT,
    ],
)
def test_an_odd_text_is_analyzed(client, text):
    assert analyze(client, text).status_code == 200


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the text is empty"),
        (" \n\t\u2003", "the text is empty"),
        ("x" * (LONGEST_TEXT + 1), "String should have at most 20000 characters"),
        (None, "Input should be a valid string"),
        (1, "Input should be a valid string"),
        ([["secret"]], "Input should be a valid string"),
    ],
)
def test_a_wrong_text_is_refused(client, text, reason):
    answer = analyze(client, text)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()) == (
        422,
        {
            "status": 422,
            "title": answer.json()["title"],
            "detail": f"/text: {reason}",
            "errors": [{"pointer": "/text", "detail": reason}],
        },
    )


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        (b"", 422, "the body: Field required"),
        (b"{}", 422, "/text: Field required"),
        (b"null", 422, f"the body: {NO_OBJECT}"),
        (b"[]", 422, f"the body: {NO_OBJECT}"),
        (b"not json", 400, UNREADABLE),
        (b'{"text": "a"', 400, UNREADABLE),
        (b'{"text": "\xff\xfe"}', 400, UNREADABLE),
        (b"\xff\xfe\x00", 400, UNREADABLE),
        (b'{"text": ' + b"9" * 5000 + b"}", 400, UNREADABLE),
        (b"[" * 100_000, 400, UNREADABLE),
        (b'{"text":' * 30_000, 400, UNREADABLE),
        (b'{"text": "' + b"x" * LONGEST_BODY + b'"}', 413, "the body is longer than 262144 bytes"),
    ],
)
def test_a_wrong_body_is_refused(client, body, status, detail):
    answer = client.post("/v1/analyze", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)


def test_half_of_a_character_is_refused(client):
    answer = client.post("/v1/analyze", content=rb'{"text": "a\ud800b"}', headers=JSON)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/text")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_another_content_type_is_refused(client, content_type):
    headers = {"content-type": content_type} if content_type else {}
    answer = client.post("/v1/analyze", content=b'{"text": "a"}', headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (
        415,
        "the body must be JSON: send 'Content-Type: application/json'",
    )


def test_a_body_of_unknown_length_is_refused_when_it_grows_too_long(client):
    async def chunks():
        for _ in range(1024):
            yield b"x" * 1024

    answer = client.post("/v1/analyze", content=chunks(), headers=JSON)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/", 404), ("GET", "/v1/analyze", 405), ("POST", "/health", 405)],
)
def test_what_is_not_there_is_a_problem(client, method, path, status):
    answer = client.request(method, path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_health_names_the_model(client):
    answer = client.get("/health")
    expected = {"status": "ok", "model": {"name": "by-hand", "version": "1.2.3"}}
    assert (answer.status_code, answer.json()) == (200, expected)


def test_without_its_model_the_service_is_not_healthy():
    def load(_name):
        raise ModelError("/srv/models/model.toml: No such file or directory")

    client = Client(create_app(ModelManager(load)))
    expected = {
        "status": 503,
        "title": "Service Unavailable",
        "detail": "the model can't be loaded; the log says why",
    }
    for answer in (client.get("/health"), analyze(client, "a")):
        assert (answer.status_code, answer.json()) == (503, expected)


def test_a_bug_is_a_problem_too():
    client = Client(create_app(ModelManager({}.__getitem__)))
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["title"]) == (500, "Internal Server Error")


def test_metrics_count_each_request(client):
    analyze(client, "a")
    analyze(client, "")
    client.post("/v1/analyze", content=b"x" * (LONGEST_BODY + 1))
    client.get("/nowhere?text=secret")
    answer = client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    told = [line for line in answer.text.splitlines() if line.startswith("samo_http_requests")]
    assert told == [
        'samo_http_requests_total{path="/v1/analyze",status="200"} 1',
        'samo_http_requests_total{path="/v1/analyze",status="413"} 1',
        'samo_http_requests_total{path="/v1/analyze",status="422"} 1',
        'samo_http_requests_total{path="other",status="404"} 1',
    ]
    assert 'samo_model_load_seconds{model="emotion-tiny"}' in answer.text


def test_no_other_origin_is_let_in(client):
    answer = client.get("/health", headers={"origin": "https://example.org"})
    assert "access-control-allow-origin" not in answer.headers


def test_an_error_never_repeats_the_text(client):
    answer = client.post("/v1/analyze", json={"text": {"secret": ["secret"]}})
    assert "secret" not in json.dumps(answer.json())


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.just("text") | st.text(), inner),
)


@settings(max_examples=50)
@given(st.binary() | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
def test_no_body_is_an_error_of_the_service(body):
    client = Client(create_app(ModelManager(lambda _name: model())))
    answer = client.post("/v1/analyze", content=body, headers=JSON)
    assert answer.status_code in {200, 400, 422}
