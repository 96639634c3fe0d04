"""The names that a call of `samo run` gives, and the pipeline that each of them means."""

from collections.abc import Sequence
from dataclasses import replace

from samo.cli.run_call import RunCall
from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import JobType
from samo.pipeline.pipeline import Pipeline
from samo.pipeline.problem import Problem, ProblemKind, UsageError, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """What can be named of a pipeline."""

    workflows: tuple[str, ...]
    jobs: tuple[str, ...]
    approvals: tuple[str, ...]


def require_approvals(names: Sequence[str], pipeline: Pipeline) -> None:
    """Refuse an approval of what nobody asks for: a slip of the pen must not look like consent."""
    known = _names(pipeline).approvals
    unknown = [name for name in names if name not in known]
    if unknown:
        listed = f"there are: {', '.join(dict.fromkeys(known)) or 'none'}"
        raise UsageError(
            *(
                Problem(
                    kind=ProblemKind.USAGE,
                    message=f"no job '{name}' asks for an approval",
                    hint=nearest(name, known) or listed,
                )
                for name in unknown
            )
        )


def asked_of_setup(call: RunCall, setup: Pipeline) -> RunCall:
    """Return the call with the names that a setup pipeline has; the rest may be of what follows.

    A setup pipeline of which nothing is named runs whole: without it nothing follows.
    """
    known = _names(setup)
    return replace(
        call,
        workflows=tuple(name for name in call.workflows if name in known.workflows),
        jobs=tuple(name for name in call.jobs if name in known.jobs),
        approve=tuple(name for name in call.approve if name in known.approvals),
    )


def asked_of_continued(call: RunCall, setup: Pipeline, continued: Pipeline) -> RunCall | None:
    """Return the call with the names that a setup pipeline left to what it is continued with.

    None where all that is named is the setup pipeline's: then nothing that follows is asked for.
    """
    before, known = _names(setup), _names(continued)
    rest = replace(
        call,
        workflows=_left(call.workflows, before.workflows, known.workflows),
        jobs=_left(call.jobs, before.jobs, known.jobs),
        approve=_left(call.approve, before.approvals, known.approvals),
    )
    named, left = (each.workflows + each.jobs for each in (call, rest))
    return None if named and not left else rest


def _left(names: Sequence[str], before: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in known or name not in before)


def _names(pipeline: Pipeline) -> _Names:
    jobs = [job for workflow in pipeline.workflows for job in workflow.jobs]
    return _Names(
        workflows=tuple(workflow.name for workflow in pipeline.workflows),
        jobs=tuple(str(job.name) for job in jobs),
        approvals=tuple(str(job.name) for job in jobs if job.type is JobType.APPROVAL),
    )
