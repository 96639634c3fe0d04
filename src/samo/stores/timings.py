"""How long the tests of a job took when it last succeeded, by which the next run splits them."""

import json
from pathlib import Path

from samo.stores.problems import store_failure
from samo.stores.results import load_results
from samo.stores.runs import RunFolder
from samo.system import replacing


def keep_timings(folder: RunFolder, workflow: str, job: str, *, nodes: int) -> None:
    """Keep the times of all tests that the nodes of a job stored, in CircleCI's own form (CLI-009).

    They take the place of those of the run before; a job that stored none leaves these. Raises
    SamoError where they cannot be kept.
    """
    tests = [
        {
            "file": test.file,
            "classname": test.classname,
            "name": test.name,
            "run_time": test.run_time_s,
        }
        for node in range(nodes)
        for test in load_results(folder.tests(workflow, job, node))
    ]
    if not tests:
        return
    path = Path(folder.timings(job))
    try:
        path.parent.mkdir(exist_ok=True)
        with replacing(path) as beside:
            beside.write_text(json.dumps({"tests": tests}), encoding="ascii")
    except OSError as error:
        raise store_failure(f"cannot keep the times of the tests in {path}", error) from error
