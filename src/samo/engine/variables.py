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
class RunFacts:
    """What the variables tell of a run; names are "" where there is nothing to tell.

    `origin_url` holds no credentials. `contexts` are the variables of the granted contexts,
    `skip_mark` is that by which the commit asks the cloud to run nothing.
    """

    id: str
    branch: str = ""
    tag: str = ""
    revision: str = ""
    origin_url: str = ""
    owner: str = ""
    repository: str = ""
    username: str = ""
    contexts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    skip_mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One parallel copy of a job in a run; `log_url` is where its output can be read.

    A node that `deploys` runs the job's `deploy` steps too (STEP-028).
    """

    workflow: str
    job: Job
    number: int
    index: int = 0
    log_url: str = ""
    deploys: bool = True


def built_in(run: RunFacts, node: Node) -> dict[str, str]:
    """Return the built-in variables of a node; those with no value here are not set."""
    project = run.origin_url or run.repository
    workflow_id = _derived_id(f"{run.id}/{node.workflow}")
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
        "CIRCLE_WORKFLOW_ID": workflow_id,
        "CIRCLE_WORKFLOW_WORKSPACE_ID": workflow_id,
        "CIRCLE_WORKFLOW_JOB_ID": _derived_id(f"{run.id}/job/{node.number}"),
        "CIRCLE_PIPELINE_ID": run.id,
        "CIRCLE_PROJECT_USERNAME": run.owner,
        "CIRCLE_PROJECT_REPONAME": run.repository,
        "CIRCLE_REPOSITORY_URL": run.origin_url,
        "CIRCLE_PROJECT_ID": _derived_id(f"project/{project}"),
        "CIRCLE_ORGANIZATION_ID": _derived_id(f"organization/{run.owner}"),
        "CIRCLE_USERNAME": run.username,
    }
    return {name: value for name, value in variables.items() if value}


@lru_cache(maxsize=256)
def _derived_id(name: str) -> str:
    """Return the UUID of a name, in the form of those that are made from names (version 5)."""
    return str(uuid.UUID(int=fingerprint(name.encode("utf-8", "surrogatepass")), version=5))


def job_variables(run: RunFacts, node: Node, place: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a job: the later of these wins (ENV-005).

    The image's, the place's own (`place`, what the sandbox defines), contexts in their order,
    built-ins, the job's. The steps' come later still.
    """
    variables = dict(_of_image(node.job))
    variables.update(place)
    for context in node.job.contexts:
        variables.update(run.contexts.get(context, {}))
    variables.update(built_in(run, node))
    variables.update(node.job.environment)
    return variables


def _of_image(job: Job) -> Variables:
    """EXE-017: steps see the primary image's variables, weaker than all others."""
    match job.executor:
        case DockerExecutor(images=(primary, *_)):
            return primary.environment
    return ()
