"""What a run would meet here, for who asks before it: what cannot run, what differs, whose code."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from samo.cli.differences import Label, labels_of, whole_list
from samo.cli.origins import origins_of
from samo.cli.project import Project
from samo.cli.run_call import RunCall
from samo.cli.settings import load_settings
from samo.cli.supplying import executor_of, grants_for
from samo.engine import Circumstances, RunFacts, all_differences, refusals
from samo.engine.differences import Noted
from samo.pipeline.dataclass import dataclass
from samo.pipeline.pipeline import Pipeline, Workflow
from samo.pipeline.problem import Problem
from samo.trigger import skip_mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What there is to know before a run; `orbs` are the jobs that run the code of an orb."""

    problems: tuple[Problem, ...]
    noted: tuple[Noted, ...]
    orbs: Mapping[str, tuple[str, ...]]
    label: Label

    def lines(self) -> Iterator[str]:
        """Return it for a reader; nothing, where there is nothing to say."""
        if self.problems:
            yield "cannot run here:"
        for problem in self.problems:
            where = f"{problem.place}: " if problem.place else ""
            yield f"  {where}{problem.message}"
        yield from whole_list(self.noted, self.label)
        if self.orbs:
            yield "orbs whose code runs:"
        for name, jobs in self.orbs.items():
            yield f"  {name} [{', '.join(jobs)}]"

    def as_json(self) -> dict[str, Any]:
        """Return it for a program; texts are "" where there is nothing to say."""
        return {
            "problems": [
                {"message": each.message, "place": str(each.place or "")} for each in self.problems
            ],
            "differences": [
                {
                    "rule": each.rule,
                    "message": each.message,
                    "workflow": each.workflow,
                    "job": each.job,
                    "place": str(each.place or ""),
                }
                for each in self.noted
            ],
            "orbs": [{"name": name, "jobs": [*jobs]} for name, jobs in self.orbs.items()],
        }


def outlook_of(project: Project, pipeline: Pipeline, workflows: tuple[Workflow, ...]) -> Outlook:
    """Return what a run of these workflows of a pipeline would meet on this machine."""
    settings = load_settings(project.root)
    executor = executor_of(project, settings)
    facts = RunFacts(
        id="",
        grants=grants_for(RunCall(), project.root),
        skip_mark=skip_mark(project.facts),
        continuation_key="to come" if pipeline.is_setup else "",
    )
    around = Circumstances(
        executor=executor,
        machine=settings.machine,
        facts=facts,
        origins=origins_of(pipeline, workflows, settings),
    )
    return Outlook(
        problems=refusals(workflows, executor),
        noted=tuple(all_differences(workflows, around)),
        orbs=_orbs(workflows, own=(pipeline.path, *around.origins.local_orbs)),
        label=labels_of(workflows),
    )


def _orbs(workflows: Iterable[Workflow], *, own: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return the orbs of others, by the very version whose code runs (LOC-020)."""
    label = labels_of(workflows)
    users: dict[str, dict[str, None]] = {}
    for workflow in workflows:
        for job in workflow.jobs:
            for path in {step.place.path for step in job.steps}:
                if not any(path == each or path.startswith(f"{each}/") for each in own):
                    users.setdefault(path, {})[label(workflow.name, job.name)] = None
    return {path: tuple(users[path]) for path in sorted(users)}
