"""The environment variables that every step has (ENV-004), and which wins (ENV-005)."""

import uuid
from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache

from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import DockerExecutor, Job
from samo.pipeline.step import Variables
from samo.system import fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    """What of the user's own a run may use (ENV-016).

    `contexts` are the variables of the granted contexts, `known` the names of others that the
    user has. `variables` are the project's; `passed` names those of them that the caller's
    environment gave. `secrets` are all values to be masked.
    """

    contexts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    known: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    passed: tuple[str, ...] = ()
    secrets: frozenset[str] = frozenset()


NOTHING = Grants()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What the variables tell of a run; names are "" where there is nothing to tell.

    `pipeline_id` is that of the pipeline, of which the run may be a rerun; `workspaces` is the id
    of the run that began the workspaces of this one (WS-012).
    `origin_url` holds no credentials. `skip_mark` is that by which the commit asks the cloud to
    run nothing, `continuation_key` what a setup pipeline is continued with (DYN-002).
    """

    id: str
    pipeline_id: str = ""
    workspaces: str = ""
    branch: str = ""
    tag: str = ""
    revision: str = ""
    origin_url: str = ""
    owner: str = ""
    repository: str = ""
    username: str = ""
    grants: Grants = NOTHING
    skip_mark: str = ""
    continuation_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One parallel copy of a job in a run; `log_url` is where its output can be read.

    `attempt` is that of the workflow. A node that `deploys` runs the job's `deploy` steps too
    (STEP-028). `timings` is the file that tells how long the job's tests took, the same for all its
    nodes; b"" for none.
    """

    workflow: str
    job: Job
    number: int
    attempt: int = 1
    index: int = 0
    log_url: str = ""
    deploys: bool = True
    timings: bytes = b""


def built_in(run: RunFacts, node: Node) -> dict[str, str]:
    """Return the built-in variables of a node; those with no value here are not set."""
    project = run.origin_url or run.repository
    workspace_id = _derived_id(f"{run.workspaces or run.id}/{node.workflow}")
    again = f"/attempt/{node.attempt}" if node.attempt > 1 else ""
    variables = {
        "CI": "true",
        "CIRCLECI": "true",
        "CIRCLE_BRANCH": run.branch,
        "CIRCLE_TAG": "" if run.branch else run.tag,
        "CIRCLE_SHA1": run.revision,
        "CIRCLE_JOB": node.job.name,
        "CIRCLE_BUILD_NUM": str(node.number),
        "CIRCLE_BUILD_URL": node.log_url,
        "CIRCLE_NODE_INDEX": str(node.index),
        "CIRCLE_NODE_TOTAL": str(node.job.parallelism),
        "CIRCLE_WORKING_DIRECTORY": node.job.working_directory or "~/project",  # EXE-009
        "CIRCLE_WORKFLOW_ID": _derived_id(f"{run.id}/{node.workflow}{again}"),
        "CIRCLE_WORKFLOW_WORKSPACE_ID": workspace_id,  # it survives reruns
        "CIRCLE_WORKFLOW_JOB_ID": _derived_id(f"{run.id}/job/{node.number}"),
        "CIRCLE_PIPELINE_ID": run.pipeline_id or run.id,
        "CIRCLE_PROJECT_USERNAME": run.owner,
        "CIRCLE_PROJECT_REPONAME": run.repository,
        "CIRCLE_REPOSITORY_URL": run.origin_url,
        "CIRCLE_PROJECT_ID": _derived_id(f"project/{project}"),
        "CIRCLE_ORGANIZATION_ID": _derived_id(f"organization/{run.owner}"),
        "CIRCLE_USERNAME": run.username,
        "CIRCLE_CONTINUATION_KEY": run.continuation_key,
    }
    return {name: value for name, value in variables.items() if value}


@lru_cache(maxsize=256)
def _derived_id(name: str) -> str:
    """Return the UUID of a name, in the form of those that are made from names (version 5)."""
    return str(uuid.UUID(int=fingerprint(name.encode("utf-8", "surrogatepass")), version=5))


def job_variables(run: RunFacts, node: Node, place: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a job: the later of these wins (ENV-005).

    The image's, the place's own (`place`, what the sandbox defines), the project's, contexts in
    their order, built-ins, the job's. The steps' come later still.
    """
    variables = dict(_of_image(node.job))
    variables.update(place)
    variables.update(run.grants.variables)
    for context in node.job.contexts:
        variables.update(run.grants.contexts.get(context, {}))
    variables.update(built_in(run, node))
    variables.update(node.job.environment)
    return variables


def _of_image(job: Job) -> Variables:
    """EXE-017: steps see the primary image's variables, weaker than all others."""
    match job.executor:
        case DockerExecutor(images=(primary, *_)):
            return primary.environment
    return ()
