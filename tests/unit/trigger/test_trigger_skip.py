"""Which commits the cloud skips: the mark counts at the beginning of subject and body."""

import pytest

from samo.trigger import RepositoryFacts, skip_mark


@pytest.mark.parametrize(
    ("subject", "body", "mark"),
    [
        ("Tidy up", "", ""),
        ("[ci skip] Tidy up", "", "[ci skip]"),
        ("Tidy up", "Nothing to build [skip ci]", "[skip ci]"),
        ("Tidy up [skip-ci]", "[CI SKIP]", ""),
        ("a" * 241 + "[ci skip]", "", "[ci skip]"),
        ("a" * 242 + "[ci skip]", "", ""),
        ("", "a" * 242 + "[skip ci]", ""),
    ],
)
def test_a_mark_counts_within_the_first_250_characters(subject, body, mark):
    assert skip_mark(RepositoryFacts(subject=subject, body=body)) == mark
