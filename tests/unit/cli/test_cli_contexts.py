import pytest

from samo.cli.contexts import read_contexts
from samo.cli.elsewhere import InEnvironment, InKeyring
from samo.pipeline.place import Place
from samo.pipeline.problem import ConfigError, UsageError


def problems(path, text):
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_contexts(path)
    return [(each.place.line, each.message) for each in caught.value.problems]


def test_each_table_is_a_context(tmp_path):
    path = tmp_path / "contexts.toml"
    path.write_text('[prod]\nTOKEN = "t"\nPORT = 80\n[team]\n')

    assert read_contexts(path) == {"prod": {"TOKEN": "t", "PORT": "80"}, "team": {}}


def test_a_value_may_stand_in_the_environment_or_in_the_keyring(tmp_path):
    path = tmp_path / "contexts.toml"
    path.write_text(
        '[prod]\nA = { env = "MY_A" }\nB = { keyring = "https://x/y", username = "me/b" }\n'
    )

    assert read_contexts(path) == {
        "prod": {
            "A": InEnvironment("'A' of context 'prod'", Place(str(path), 2, 1), "MY_A"),
            "B": InKeyring("'B' of context 'prod'", Place(str(path), 3, 1), "https://x/y", "me/b"),
        }
    }


def test_a_missing_file_is_a_wrong_call(tmp_path):
    with pytest.raises(UsageError, match="cannot be read: No such file or directory"):
        read_contexts(tmp_path / "absent.toml")


def test_a_file_in_another_encoding_is_a_wrong_call(tmp_path):
    path = tmp_path / "contexts.toml"
    path.write_bytes(b"[prod]\nA = '\xff'\n")

    with pytest.raises(UsageError, match="cannot be read: it is not UTF-8"):
        read_contexts(path)


def test_what_is_wrong_is_told_with_its_place_and_no_value_is(tmp_path):
    text = """\
loose = "hunter22"
[prod]
TOKEN = ["hunter22"]
OTHER = { env = "A", default = "hunter22" }
"MY KEY" = "hunter22"
"""
    found = problems(tmp_path / "contexts.toml", text)

    assert found == [
        (1, "context 'loose' must be a table"),
        (3, "'TOKEN' of context 'prod' has no value that is known"),
        (4, "'OTHER' of context 'prod' has no value that is known"),
        (5, "'MY KEY' of context 'prod' is no name of a variable"),
    ]


@pytest.mark.parametrize(
    "text",
    ['[prod]\nTOKEN = "hunter22\n', "[prod]\nTOKEN = hunter22\n", '[prod]\nTOKEN = "h"unter22\n'],
)
def test_what_is_no_toml_gives_no_value_away(tmp_path, text):
    [(line, message)] = problems(tmp_path / "contexts.toml", text)

    assert line == 2
    assert message.startswith("not valid TOML: ")
    assert "unter22" not in message
