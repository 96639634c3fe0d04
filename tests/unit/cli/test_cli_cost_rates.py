from samo.cli.cost.rates import load_rates


def test_the_rates_name_their_source_and_dates():
    rates = load_rates()

    assert rates.source == "https://circleci.com/pricing/price-list/"
    assert rates.oldest <= rates.newest


def test_credits_are_sold_by_25_000_for_15_dollars():
    assert round(load_rates().usd_per_credit * 25_000, 6) == 15


def test_rates_are_told_by_executor_and_class():
    found = load_rates().per_minute

    assert found["docker", "medium"] == 10
    assert (found["docker", "arm.medium"], found["machine", "arm.medium"]) == (13, 10)
    assert found["macos", "m4pro.large"] == 400
    assert ("machine", "gpu.nvidia.large") not in found
    assert {executor for executor, _ in found} == {"docker", "machine", "macos"}
    assert all(isinstance(rate, int) and rate > 0 for rate in found.values())
