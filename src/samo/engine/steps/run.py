"""The `run` step: a shell over a script, again and again where reruns are asked for."""

from samo.engine.steps.report import Report, StepEnd, Surroundings, failed
from samo.executors import Call, SandboxError
from samo.pipeline.status import StepStatus
from samo.pipeline.step import Run
from samo.system import Ending, Exit


def run(step: Run, around: Surroundings, report: Report) -> StepEnd:
    """Run the command; the last attempt decides (STEP-013)."""
    call = call_of(step, around)
    end = _attempt(call, step, around, report)
    for attempt in range(step.max_auto_reruns):
        if end.status not in (StepStatus.FAILED, StepStatus.TIMEDOUT):
            break
        report.log.say(f"{end.reason or _told(end)}; rerun {attempt + 1} of {step.max_auto_reruns}")
        if around.cancel.wait(step.auto_rerun_delay_s):
            break
        end = _attempt(call, step, around, report)
    return end


def start(step: Run, around: Surroundings, report: Report) -> StepEnd | None:
    """Start a background command; it runs until the job ends (STEP-011).

    Returns how it ended where it could not be started.
    """
    try:
        around.sandbox.run_in_background(call_of(step, around), report.log.take)
    except SandboxError as error:
        return failed(error.problems[0].message)
    return None


def call_of(step: Run, around: Surroundings) -> Call:
    """Return what the sandbox is asked to run: the step's own settings win (EXE-004, ENV-005)."""
    job = around.node.job
    return Call(
        shell=step.shell or job.shell or around.sandbox.default_shell,
        script=step.command,
        environment={**around.variables, **dict(step.environment)},
        working_directory=around.sandbox.expand(step.working_directory or "."),
        no_output_timeout_s=step.no_output_timeout_s,
    )


def _attempt(call: Call, step: Run, around: Surroundings, report: Report) -> StepEnd:
    try:
        exit_ = around.sandbox.run(call, report.log.take, around.cancel)
    except SandboxError as error:
        return failed(error.problems[0].message)
    return _end_of(exit_, step)


def _end_of(exit_: Exit, step: Run) -> StepEnd:
    match exit_.ending:
        case Ending.CANCELED:
            return StepEnd(status=StepStatus.CANCELED)
        case Ending.SILENT:
            reason = f"too long with no output (exceeded {step.no_output_timeout_s:g} s)"
            return StepEnd(status=StepStatus.TIMEDOUT, reason=reason)
    status = StepStatus.FAILED if exit_.code else StepStatus.SUCCESS
    reason = f"killed by {exit_.signal}" if exit_.signal else ""
    return StepEnd(status=status, exit_code=exit_.code, reason=reason)


def _told(end: StepEnd) -> str:
    return f"exited with status {end.exit_code}"
