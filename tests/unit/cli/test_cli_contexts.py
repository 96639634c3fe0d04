import pytest

from samo.cli.contexts import read_contexts
from samo.pipeline.problem import ConfigError, UsageError


def test_each_table_is_a_context(tmp_path):
    path = tmp_path / "contexts.toml"
    path.write_text('[prod]\nTOKEN = "t"\nPORT = 80\n[team]\n')

    assert read_contexts(path) == {"prod": {"TOKEN": "t", "PORT": "80"}, "team": {}}
    assert read_contexts(None) == {}


def test_a_missing_file_is_a_wrong_call(tmp_path):
    with pytest.raises(UsageError, match="cannot be read: No such file or directory"):
        read_contexts(tmp_path / "absent.toml")


def test_values_must_be_texts(tmp_path):
    path = tmp_path / "contexts.toml"
    path.write_text('loose = "x"\n[prod]\nTOKEN = ["a"]\n')

    with pytest.raises(ConfigError) as caught:
        read_contexts(path)
    assert [(each.place.line, each.message) for each in caught.value.problems] == [
        (1, "'loose' of the contexts must be a mapping, found 'x'"),
        (3, "'TOKEN' of context 'prod' must be text, found a list"),
    ]
