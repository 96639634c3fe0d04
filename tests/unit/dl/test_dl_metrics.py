from samo.dl.manager import LoadCounts
from samo.dl.metrics import RequestCounts, load_lines


def test_requests_are_counted_by_path_and_status_with_their_time():
    counts = RequestCounts()
    counts.observe("/v1/analyze", 200, seconds=0.0025)
    counts.observe("/v1/analyze", 200, seconds=0.3)
    counts.observe("/v1/analyze", 422, seconds=7)
    told = [line for line in counts.lines() if not line.startswith("#")]
    name = 'samo_http_request_duration_seconds_bucket{path="/v1/analyze",le='
    assert told == [
        'samo_http_requests_total{path="/v1/analyze",status="200"} 2',
        'samo_http_requests_total{path="/v1/analyze",status="422"} 1',
        f'{name}"0.001"}} 0',
        f'{name}"0.0025"}} 1',
        f'{name}"0.005"}} 1',
        f'{name}"0.01"}} 1',
        f'{name}"0.025"}} 1',
        f'{name}"0.05"}} 1',
        f'{name}"0.1"}} 1',
        f'{name}"0.25"}} 1',
        f'{name}"0.5"}} 2',
        f'{name}"1"}} 2',
        f'{name}"2"}} 2',
        f'{name}"5"}} 2',
        f'{name}"+Inf"}} 3',
        'samo_http_request_duration_seconds_sum{path="/v1/analyze"} 7.302500',
        'samo_http_request_duration_seconds_count{path="/v1/analyze"} 3',
    ]


def test_before_the_first_request_the_families_are_named():
    assert list(RequestCounts().lines()) == [
        "# HELP samo_http_requests_total Requests, by path and status.",
        "# TYPE samo_http_requests_total counter",
        "# HELP samo_http_request_duration_seconds Time from a request to the end of its answer.",
        "# TYPE samo_http_request_duration_seconds histogram",
    ]


def test_loads_are_told_by_model():
    assert list(load_lines(LoadCounts(seconds={"tiny": 0.25}, failures={"tiny": 2}))) == [
        "# HELP samo_model_load_seconds Time that loading the model took.",
        "# TYPE samo_model_load_seconds gauge",
        'samo_model_load_seconds{model="tiny"} 0.250000',
        "# HELP samo_model_load_failures_total Loads of the model that failed.",
        "# TYPE samo_model_load_failures_total counter",
        'samo_model_load_failures_total{model="tiny"} 2',
    ]
