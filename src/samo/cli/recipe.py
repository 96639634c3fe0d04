"""What a run was made from, kept in its folder: enough to run the same pipeline once more."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from samo.cli.plan import Before, Plan
from samo.cli.project import project_with
from samo.cli.run_call import RunCall
from samo.cli.trigger_options import TriggerCall
from samo.config import Source
from samo.engine import Supplies
from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import Problem, ProblemKind, UsageError
from samo.stores import RunFolder
from samo.system import GitFacts, Repository
from samo.trigger import Trigger, TriggerKind
from samo.trigger.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The config of a pipeline, what it was compiled with, and which of it ran.

    `params`, `workflows` and `jobs` are those of the call. `revision` is the commit that was
    checked out, `is_commit` whether it was that and nothing else. `workspaces` is the id of the
    run whose workspaces this one goes on with (WS-012): its own, if it is no rerun.
    """

    path: str
    text: str
    values: Mapping[str, Value]
    params: Sequence[str]
    workflows: Sequence[str]
    jobs: Sequence[str]
    kind: TriggerKind
    branch: str
    tag: str
    schedule: str
    revision: str
    is_commit: bool
    workspaces: str

    def remark(self, number: int) -> str:
        """Say what jobs see where what they saw in run `number` was not kept."""
        what = f"the uncommitted changes of run {number} were not kept"
        return f"{what}: jobs see the work tree as it is now"

    def plan(self, asked: RunCall, repository: Repository, facts: GitFacts, before: Before) -> Plan:
        """Return the plan of the same pipeline; approvals, contexts and such are `asked` for."""
        source = Source(path=self.path, text=self.text)
        now = project_with(repository, facts, source)
        then = replace(now.facts, revision=self.revision, subject="", body="")
        return Plan(
            project=replace(now, facts=then),
            trigger=Trigger(self.kind, self.branch, self.tag, self.schedule),
            call=self._call(asked),
            values=self.values,
            before=before,
        )

    def _call(self, asked: RunCall) -> RunCall:
        params = tuple(self.params)
        return replace(
            asked,
            workflows=tuple(self.workflows),
            jobs=tuple(self.jobs),
            trigger_call=TriggerCall(branch=self.branch, tag=self.tag, params=params),
            commit=self.revision if self.is_commit else None,
        )


def recipe_of(plan: Plan, supplies: Supplies) -> Recipe:
    """Return the recipe of a run that is about to begin."""
    source, trigger, call = plan.project.source, plan.trigger, plan.call
    text = source.text if isinstance(source.text, str) else source.text.decode(errors="replace")
    return Recipe(
        path=source.path,
        text=text,
        values=plan.values,
        params=call.trigger_call.params,
        workflows=call.workflows,
        jobs=call.jobs,
        kind=trigger.kind,
        branch=trigger.branch,
        tag=trigger.tag,
        schedule=trigger.schedule,
        revision=supplies.facts.revision,
        is_commit=supplies.work is None or not supplies.work.snapshot.is_uncommitted,
        workspaces=supplies.facts.workspaces,
    )


def write_recipe(folder: RunFolder, recipe: Recipe) -> None:
    """Keep the recipe of a run; raises OSError where it cannot be written.

    Nobody else may read it: parameters may be what a user keeps to himself.
    """
    folder.recipe.touch(0o600)
    folder.recipe.write_text(json.dumps(asdict(recipe)), encoding="ascii")


def read_recipe(folder: RunFolder) -> Recipe:
    """Return the recipe of a run; raises UsageError where there is none to be read."""
    try:
        content = json.loads(folder.recipe.read_bytes())
        return Recipe(**{**content, "kind": TriggerKind(content["kind"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"what run {folder.number} was made from cannot be read: {folder.recipe}"
        hint = "samo run runs what there is now"
        raise UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint)) from error
