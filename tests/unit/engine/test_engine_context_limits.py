from samo.engine.context_limits import excess


def told(variables):
    return [each.message for each in excess("team", variables)]


def test_what_the_cloud_takes_is_no_difference():
    assert told({f"A{number}": "x" for number in range(100)}) == []
    assert told({"N" * 300: "x" * 32_768}) == []


def test_each_limit_is_told_and_no_value_is():
    variables = {f"A{number}": "x" for number in range(99)}

    assert told({**variables, "N" * 301: "secret", "BIG": "s" * 32_769}) == [
        "context 'team': 101 variables, the cloud takes 100",
        "context 'team': a name of 301 characters (NNNNNNNNNNNNNNNNNNNN...), the cloud takes 300",
        "context 'team': BIG has 32,769 characters, the cloud takes 32,768",
    ]
