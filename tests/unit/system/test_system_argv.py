"""The command line that a script is run by."""

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samo.system import argv_of


def test_a_shell_is_a_command_line_that_gets_the_script_as_a_file():
    argv = argv_of("bash --login -eo pipefail", Path("/job/step-1"))
    assert argv == ["bash", "--login", "-eo", "pipefail", "/job/step-1"]


@pytest.mark.parametrize("shell", ["", "  "])
def test_a_shell_of_no_words_is_refused(shell):
    with pytest.raises(ValueError, match="command line is empty"):
        argv_of(shell, Path("/job/step-1"))


def test_an_open_quote_is_refused():
    with pytest.raises(ValueError, match="No closing quotation"):
        argv_of("bash 'x", Path("/job/step-1"))


@given(st.lists(st.text(), min_size=1))
def test_quoted_words_come_through_as_they_are(words):
    assert argv_of(shlex.join(words), Path("/s")) == [*words, "/s"]
