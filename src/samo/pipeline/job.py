"""A job as a workflow invokes it, fully expanded."""

from dataclasses import field
from enum import StrEnum
from typing import NewType

from samo.pipeline.dataclass import dataclass
from samo.pipeline.place import Place
from samo.pipeline.status import JobStatus
from samo.pipeline.step import Step, Variables

JobName = NewType("JobName", str)
"""A job's name within its workflow, as `requires`, CIRCLE_JOB and the web page show it."""


class JobType(StrEnum):
    """What kind of job stands in a workflow (JOB-008)."""

    BUILD = "build"
    APPROVAL = "approval"
    NO_OP = "no-op"
    RELEASE = "release"
    LOCK = "lock"
    UNLOCK = "unlock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One entry of `docker:`; the first is where the steps run.

    `auth`, `aws_auth` and `gcp_auth` are credentials as written: `$NAME` stands in them (EXE-018).
    """

    image: str
    name: str = ""
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    user: str = ""
    environment: Variables = ()
    auth: Variables = ()
    aws_auth: Variables = ()
    gcp_auth: Variables = ()
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DockerExecutor:
    """The steps run in the first image, the others are services beside it."""

    images: tuple[Image, ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineExecutor:
    """The steps run on a virtual machine; `image` is "" for `machine: true`."""

    image: str = ""
    docker_layer_caching: bool = False
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MacosExecutor:
    """The steps run on macOS with the given Xcode."""

    xcode: str
    code_signing: str = ""
    place: Place = field(compare=False)


JobExecutor = DockerExecutor | MachineExecutor | MacosExecutor


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """An upstream job, and the final statuses of it that let this job start (WF-005)."""

    job: JobName
    statuses: frozenset[JobStatus] = frozenset({JobStatus.SUCCESS})
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """`only` and `ignore` of a branch or tag filter; `/.../` entries are regexes (WF-022)."""

    only: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition that compilation has decided: its source text and what it came to."""

    text: str
    holds: bool
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """`filters` of an invocation: the map form, or an expression that alone decides (WF-027)."""

    branches: Patterns | None = None
    tags: Patterns | None = None
    expression: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job of a workflow.

    `declared_name` is its key under `jobs:`. `shell`, `working_directory` and `resource_class`
    are "" where the config says nothing; `executor` is None for all types but `build`.
    `environment` is the executor's and the job's merged, the job winning (EXE-005). `retention` is
    how many days caches are kept, as `7d`; `details` is what the types without steps say: the plan
    of a release, the key of a lock (JOB-010). `job_group` is the name by which a job group was
    invoked that the job came with: its jobs hold their `serial_group` together (WF-034).
    """

    name: JobName
    declared_name: str
    type: JobType = JobType.BUILD
    executor: JobExecutor | None = None
    resource_class: str = ""
    shell: str = ""
    working_directory: str = ""
    environment: Variables = ()
    parallelism: int = 1
    steps: tuple[Step, ...] = ()
    requires: tuple[Requirement, ...] = ()
    contexts: tuple[str, ...] = ()
    filters: Filters = Filters()
    serial_group: str = ""
    job_group: str = ""
    retention: str = ""
    circleci_ip_ranges: bool = False
    details: Variables = ()
    place: Place = field(compare=False)
