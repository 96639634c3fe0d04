import io

import pytest

from samo.cli.approver import ask


@pytest.mark.parametrize(
    ("answer", "approved"),
    [("y\n", True), ("YES\n", True), ("\n", False), ("n\n", False), ("", False), ("yep\n", False)],
)
def test_only_a_yes_approves(answer, approved):
    stream = io.StringIO()

    assert ask(stream, "approve-production", io.StringIO(answer)) is approved
    assert stream.getvalue().startswith("approve 'approve-production'? [y/N] ")
