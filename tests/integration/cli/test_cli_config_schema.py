"""`samo config schema` prints the schema as JSON."""

import json
import subprocess
import sys

import pytest

from samo.config.schema import language_schema

pytestmark = pytest.mark.integration


def test_schema_prints_the_schema_of_the_language(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "samo", "config", "schema"],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == language_schema()
