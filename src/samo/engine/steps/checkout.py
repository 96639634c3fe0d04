"""The `checkout` step: the run's snapshot as a git work tree (STEP-022 to 026)."""

from samo.engine.steps.report import DONE, Report, StepEnd, Surroundings, failed
from samo.pipeline.problem import SamoError
from samo.pipeline.step import Checkout


def checkout(step: Checkout, around: Surroundings, report: Report) -> StepEnd:
    """Make the work tree; fails where the target is neither empty nor a repository."""
    assert around.work is not None  # the run took a snapshot, for a step checks out
    try:
        around.sandbox.check_out(around.work, step.path)
    except SamoError as error:
        return failed(error.problems[0].message)
    work = around.work
    where = work.branch or work.tag or "a detached HEAD"
    report.log.say(f"{where} at {work.snapshot.revision}")
    return DONE
