"""A whole job: its nodes, side by side as far as there is room, and what they come to."""

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import field, replace
from functools import partial
from pathlib import Path
from urllib.parse import quote

from samo.engine.differences import NO_ORIGINS, Origins
from samo.engine.masking import Secrets
from samo.engine.node import NodeRun, Outcome
from samo.engine.resources import Resources, width_of
from samo.engine.slots import Slots
from samo.engine.steps import StepPost, Surroundings
from samo.engine.steps.report import Clock, Post
from samo.engine.upstream import upstream_of
from samo.engine.variables import Node, RunFacts, job_variables
from samo.engine.workers import Workers
from samo.executors import MARKER, Executor, Work
from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import JobStarted, RunId
from samo.pipeline.job import Job, JobName
from samo.pipeline.pipeline import Workflow
from samo.pipeline.problem import SamoError
from samo.pipeline.status import JobStatus
from samo.pipeline.step import Run, StoreTestResults
from samo.stores import Caches, RunFolder
from samo.system import Cancel

_WORST_FIRST = (
    JobStatus.CANCELED,
    JobStatus.INFRASTRUCTURE_FAIL,
    JobStatus.FAILED,
    JobStatus.SUCCESS,
)

_TIMINGS = "circle-test-results/results.json"
"""Where CircleCI has them, below CIRCLE_INTERNAL_TASK_DATA."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplies:
    """What a run is made from; `work` is None where no step checks out.

    `config` is the path of its config, as users know it, `slots` where the repository's jobs run,
    `serial_groups` where all runs of this machine meet. `pipeline_number` is that of the first run
    of its pipeline; a later one is the `rerun_of` a run, and has the jobs that are `kept` from it,
    by workflow.
    """

    workflows: tuple[Workflow, ...]
    config: str
    facts: RunFacts
    folder: RunFolder
    slots: Path
    executor: Executor
    caches: Caches
    machine: Resources
    serial_groups: Path
    pipeline_number: int
    work: Work | None = None
    rerun_of: int = 0
    kept: Mapping[str, frozenset[JobName]] = field(default_factory=dict)
    secrets: Secrets = field(default_factory=Secrets)
    origins: Origins = NO_ORIGINS
    clock: Clock = time.time

    @property
    def run(self) -> RunId:
        """The run's id."""
        return self.folder.id

    @property
    def marker(self) -> str:
        """The variable by which every process of the run is known, nested runs' too."""
        return marker_of(self.run)


def marker_of(run: RunId) -> str:
    """Return the variable that every process of a run has in its environment."""
    return f"{MARKER}{run.replace('-', '')}=1"


class Jobs:
    """Runs jobs of one run; `run` may be called from any number of threads."""

    def __init__(self, supplies: Supplies, slots: Slots, post: Post, cancel: Cancel) -> None:
        self._supplies = supplies
        self._slots = slots
        self._post = post
        self._cancel = cancel
        self._upstream: dict[str, Mapping[JobName, tuple[JobName, ...]]] = {}
        self._facts: dict[str, RunFacts] = {}
        self._plan(supplies.workflows, supplies.facts)

    def join(self, workflows: Iterable[Workflow]) -> None:
        """Take workflows that join the run: they cannot continue it once more (DYN-002)."""
        self._plan(workflows, replace(self._supplies.facts, continuation_key=""))

    def _plan(self, workflows: Iterable[Workflow], facts: RunFacts) -> None:
        for workflow in workflows:
            self._upstream[workflow.name] = upstream_of(workflow)
            self._facts[workflow.name] = facts

    def run(self, job: Job, start: JobStarted) -> Outcome:
        """Run the job to its end; how long its tests took is kept if it succeeds (CLI-009)."""
        outcome = self._run_all(job, start)
        stores_tests = any(isinstance(step, StoreTestResults) for step in job.steps)
        if stores_tests and outcome.status is JobStatus.SUCCESS:
            self._keep_timings(job, start)
        return outcome

    def _run_all(self, job: Job, start: JobStarted) -> Outcome:
        """Run all nodes. One that fails does not stop the others (JOB-017)."""
        timings = _read(self._supplies.folder.timings(job.name))
        nodes = [self._node(job, start, index, timings=timings) for index in range(job.parallelism)]
        if len(nodes) == 1:
            return self._run_node(nodes[0])
        if not any(isinstance(step, Run) and step.is_deploy for step in job.steps):
            return _together(self._run_nodes(nodes))
        # STEP-028: one node deploys, and only when all others have succeeded.
        others = self._run_nodes([replace(node, deploys=False) for node in nodes[1:]])
        good = all(each.status is JobStatus.SUCCESS for each in others)
        return _together([*others, self._run_node(replace(nodes[0], deploys=good))])

    def _keep_timings(self, job: Job, start: JobStarted) -> None:
        from samo.stores.timings import keep_timings  # noqa: PLC0415 - few jobs store test results

        folder = self._supplies.folder.of_attempt(start.attempt)
        # They help the next run alone: without them it splits by what an earlier one left.
        with suppress(SamoError):
            keep_timings(folder, start.workflow, job.name, nodes=job.parallelism)

    def _run_nodes(self, nodes: Sequence[Node]) -> list[Outcome]:
        """Run nodes of one job side by side, as many as there is room for."""
        width = width_of(nodes[0].job, self._supplies.machine)
        outcomes: list[Outcome] = []

        def run(node: Node) -> None:
            outcomes.append(self._run_node(node))

        with Workers(limit=width) as workers:
            for node in nodes:
                workers.start(partial(run, node))
        return outcomes

    def _node(self, job: Job, start: JobStarted, index: int, *, timings: bytes) -> Node:
        folder = self._supplies.folder.of_attempt(start.attempt)
        logs = folder.logs(start.workflow, job.name, index)
        return Node(
            workflow=start.workflow,
            job=job,
            number=start.number,
            attempt=start.attempt,
            index=index,
            log_url=f"file://{quote(logs, errors='surrogateescape')}",
            timings=timings,
        )

    def _run_node(self, node: Node) -> Outcome:
        try:
            with self._slots.one() as folder:
                return self._run_in(folder, node)
        except SamoError as error:
            reason = error.problems[0].message
        except OSError as error:
            # The machine's refusal, a full disk say, ends this job and no other.
            reason = f"{error.strerror}: {error.filename}" if error.filename else str(error)
        return Outcome(status=JobStatus.INFRASTRUCTURE_FAIL, reason=reason)

    def _run_in(self, folder: Path, node: Node) -> Outcome:
        supplies = self._supplies
        post = StepPost(post=self._post, clock=supplies.clock, run=supplies.run, node=node)
        around = self._surroundings(folder, node)
        with closing(NodeRun(around, post)) as node_run:
            if node.timings:
                around.sandbox.hand_over(_TIMINGS, node.timings)
            return node_run.steps()

    def _surroundings(self, folder: Path, node: Node) -> Surroundings:
        supplies = self._supplies
        sandbox = supplies.executor.open(node.job, folder, supplies.marker)
        return Surroundings(
            node=node,
            sandbox=sandbox,
            variables=job_variables(self._facts[node.workflow], node, sandbox.environment),
            caches=supplies.caches,
            secrets=supplies.secrets,
            upstream=self._upstream[node.workflow],
            folder=supplies.folder.of_attempt(node.attempt),
            work=supplies.work,
            cancel=self._cancel,
            clock=supplies.clock,
        )


def _read(timings: str) -> bytes:
    """Return the content of a file once, so that all nodes split by the same; b"" for none."""
    try:
        with open(timings, "rb") as file:  # noqa: PTH123 - each job asks, and few have any
            return file.read()
    except OSError:
        return b""


def _together(outcomes: Sequence[Outcome]) -> Outcome:
    """Return what the nodes of a job come to: it succeeds only if each does (JOB-017)."""
    status = next(each for each in _WORST_FIRST if any(o.status is each for o in outcomes))
    reasons = dict.fromkeys(each.reason for each in outcomes if each.reason)
    return Outcome(status=status, reason="; ".join(reasons))
