"""The steps that keep what a job made: artifacts and test results."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from samo.engine.masking import Secrets
from samo.engine.steps.report import DONE, Report, StepEnd, Surroundings, failed
from samo.pipeline.event import ArtifactStored, TestsStored
from samo.pipeline.problem import SamoError
from samo.pipeline.step import StoreArtifacts, StoreTestResults
from samo.stores.artifacts import default_destination, store_artifacts
from samo.stores.junit import read_results
from samo.stores.results import TestResult, TestStatus, save_results


def keep_artifacts(step: StoreArtifacts, around: Surroundings, report: Report) -> StepEnd:
    """Copy a file or folder; one that is absent is a notice (STEP-031)."""
    destination = step.destination or default_destination(step.path)
    try:
        with around.sandbox.fetch(step.path) as source:
            if not source.exists():
                report.log.say(f"no artifacts at {step.path}")
                return DONE
            stored = store_artifacts(
                _artifacts(around),
                source,
                destination,
                rename=around.secrets.masked,
                skip=lambda name: report.warn(f"{name} is left out: no file in {step.path}"),
            )
    except SamoError as error:
        return failed(error.problems[0].message)
    for artifact in stored:
        report.log.say(f"stored {artifact.path} ({artifact.size_bytes:,} bytes)")
        report.tell(ArtifactStored, path=artifact.path, size_bytes=artifact.size_bytes)
    return DONE


def keep_test_results(step: StoreTestResults, around: Surroundings, report: Report) -> StepEnd:
    """Read JUnit XML; none is a notice, and so is a file that cannot be read (STEP-033)."""
    try:
        with around.sandbox.fetch(step.path) as source:
            results = read_results(source)
    except SamoError as error:
        return failed(error.problems[0].message)
    for problem in results.problems:
        report.log.say(f"warning: {problem}")
    if not results.tests:
        report.log.say(f"no test results at {step.path}")
        return DONE
    save_results(_tests(around), replace(results, tests=_masked(results.tests, around.secrets)))
    counts = dict.fromkeys(TestStatus, 0)
    for test in results.tests:
        counts[test.result] += 1
    bad = counts[TestStatus.FAILURE] + counts[TestStatus.ERROR]
    skipped = counts[TestStatus.SKIPPED]
    report.log.say(f"{len(results.tests)} tests: {bad} failed, {skipped} skipped")
    report.tell(TestsStored, total=len(results.tests), failed=bad, skipped=skipped)
    return DONE


def _masked(tests: Iterable[TestResult], secrets: Secrets) -> tuple[TestResult, ...]:
    """Return tests as the history may have them; the job's own file stays what it is (ENV-013)."""
    if not secrets:
        return tuple(tests)
    return tuple(
        replace(
            test,
            name=secrets.masked(test.name),
            classname=secrets.masked(test.classname),
            file=secrets.masked(test.file),
            message=secrets.masked(test.message),
            suite=secrets.masked(test.suite),
        )
        for test in tests
    )


def _artifacts(around: Surroundings) -> Path:
    node = around.node
    return around.folder.artifacts(node.workflow, node.job.name, node.index)


def _tests(around: Surroundings) -> Path:
    node = around.node
    return around.folder.tests(node.workflow, node.job.name, node.index)
