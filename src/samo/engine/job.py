"""A whole job: its nodes, side by side as far as there is room, and what they come to."""

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import field, replace
from functools import partial
from pathlib import Path
from urllib.parse import quote

from samo.engine.masking import Secrets
from samo.engine.node import Logs, NodeRun, Outcome
from samo.engine.resources import Resources, width_of
from samo.engine.slots import Slots
from samo.engine.state import Key
from samo.engine.steps import StepPost, Surroundings
from samo.engine.steps.report import Clock, Post
from samo.engine.upstream import upstream_of
from samo.engine.variables import Node, RunFacts, job_variables
from samo.engine.workers import Workers
from samo.executors import MARKER, Executor, Work
from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import RunId
from samo.pipeline.job import Job, JobName
from samo.pipeline.pipeline import Workflow
from samo.pipeline.problem import SamoError
from samo.pipeline.status import JobStatus
from samo.pipeline.step import Run
from samo.stores import Caches, RunFolder
from samo.system import Cancel

_WORST_FIRST = (
    JobStatus.CANCELED,
    JobStatus.INFRASTRUCTURE_FAIL,
    JobStatus.FAILED,
    JobStatus.SUCCESS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplies:
    """What a run is made from; `work` is None where no step checks out.

    `config` is the path of its config, as users know it, `slots` where the repository's jobs run.
    """

    workflows: tuple[Workflow, ...]
    config: str
    facts: RunFacts
    folder: RunFolder
    slots: Path
    executor: Executor
    caches: Caches
    machine: Resources
    work: Work | None = None
    secrets: Secrets = field(default_factory=Secrets)
    clock: Clock = time.time

    @property
    def run(self) -> RunId:
        """The run's id."""
        return self.folder.id

    @property
    def marker(self) -> str:
        """The variable by which every process of the run is known, nested runs' too."""
        return f"{MARKER}{self.folder.id.replace('-', '')}=1"


class Jobs:
    """Runs jobs of one run; `run` may be called from any number of threads."""

    def __init__(self, supplies: Supplies, slots: Slots, post: Post, cancel: Cancel) -> None:
        self._supplies = supplies
        self._slots = slots
        self._post = post
        self._cancel = cancel
        self._upstream: dict[str, Mapping[JobName, tuple[JobName, ...]]] = {
            workflow.name: upstream_of(workflow) for workflow in supplies.workflows
        }

    def run(self, key: Key, job: Job, number: int) -> Outcome:
        """Run the job to its end. A node that fails does not stop the others (JOB-017)."""
        workflow, _ = key
        nodes = [self._node(workflow, job, number, index) for index in range(job.parallelism)]
        if len(nodes) == 1:
            return self._run_node(nodes[0])
        if not any(isinstance(step, Run) and step.is_deploy for step in job.steps):
            return _together(self._run_nodes(nodes))
        # STEP-028: one node deploys, and only when all others have succeeded.
        others = self._run_nodes([replace(node, deploys=False) for node in nodes[1:]])
        good = all(each.status is JobStatus.SUCCESS for each in others)
        return _together([*others, self._run_node(replace(nodes[0], deploys=good))])

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

    def _node(self, workflow: str, job: Job, number: int, index: int) -> Node:
        logs = self._supplies.folder.logs(workflow, job.name, index)
        url = f"file://{quote(logs, errors='surrogateescape')}"
        return Node(workflow=workflow, job=job, number=number, index=index, log_url=url)

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
        logs = Logs(run=supplies.run, folder=supplies.folder, secrets=supplies.secrets)
        post = StepPost(post=self._post, clock=supplies.clock, run=supplies.run, node=node)
        around = self._surroundings(folder, node)
        with closing(NodeRun(around, logs, post)) as node_run:
            return node_run.steps()

    def _surroundings(self, folder: Path, node: Node) -> Surroundings:
        supplies = self._supplies
        sandbox = supplies.executor.open(node.job, folder, supplies.marker)
        return Surroundings(
            node=node,
            sandbox=sandbox,
            variables=job_variables(supplies.facts, node, sandbox.environment),
            caches=supplies.caches,
            upstream=self._upstream[node.workflow],
            folder=supplies.folder,
            work=supplies.work,
            cancel=self._cancel,
            clock=supplies.clock,
        )


def _together(outcomes: Sequence[Outcome]) -> Outcome:
    """Return what the nodes of a job come to: it succeeds only if each does (JOB-017)."""
    status = next(each for each in _WORST_FIRST if any(o.status is each for o in outcomes))
    reasons = dict.fromkeys(each.reason for each in outcomes if each.reason)
    return Outcome(status=status, reason="; ".join(reasons))
