"""Strategies for compiled pipelines: whatever a config can say of its jobs and their steps."""

from hypothesis import strategies as st

from samo.pipeline.job import (
    DockerExecutor,
    Filters,
    Image,
    Job,
    JobType,
    MachineExecutor,
    MacosExecutor,
    Patterns,
    Requirement,
)
from samo.pipeline.pipeline import Schedule, Workflow
from samo.pipeline.place import Place
from samo.pipeline.status import JobStatus
from samo.pipeline.step import (
    AddSshKeys,
    AttachWorkspace,
    Checkout,
    PersistToWorkspace,
    RestoreCache,
    Run,
    SaveCache,
    SetupRemoteDocker,
    StoreArtifacts,
    StoreTestResults,
    When,
)

AT = Place("c.yml", 1, 1)

texts = st.text("abc <>{}$#:'\"\\\n\té0129._-", min_size=1, max_size=8)
names = st.from_regex(r"[a-z][a-z0-9_-]{0,5}", fullmatch=True)
variables = st.dictionaries(
    st.from_regex(r"[A-Z_][A-Z0-9_]{0,4}", fullmatch=True), texts, max_size=2
).map(lambda found: tuple(found.items()))
lists = st.lists(texts, min_size=1, max_size=2).map(tuple)
whens = st.sampled_from(When)
runs = st.builds(
    Run,
    name=texts,
    command=texts,
    shell=st.just("") | texts,
    environment=variables,
    working_directory=st.just("") | texts,
    is_deploy=st.booleans(),
    no_output_timeout_s=st.integers(1, 9999).map(float),
    max_auto_reruns=st.integers(1, 5),
    auto_rerun_delay_s=st.integers(0, 600).map(float),
    when=whens,
    place=st.just(AT),
)
plain = {"name": texts, "when": whens, "place": st.just(AT)}
steps = st.one_of(
    runs,
    st.builds(
        Checkout,
        path=texts,
        method=st.sampled_from(["blobless", "full", "shallow"]),
        depth=st.integers(0, 9),
        **plain,
    ),
    st.builds(SaveCache, key=texts, paths=lists, **plain),
    st.builds(RestoreCache, keys=lists, **plain),
    st.builds(PersistToWorkspace, root=texts, paths=lists, **plain),
    st.builds(AttachWorkspace, at=texts, **plain),
    st.builds(StoreArtifacts, path=texts, destination=st.just("") | texts, **plain),
    st.builds(StoreTestResults, path=texts, **plain),
    st.builds(AddSshKeys, fingerprints=st.just(()) | lists, **plain),
    st.builds(
        SetupRemoteDocker,
        version=st.just("") | texts,
        docker_layer_caching=st.booleans(),
        prefer_same_region=st.booleans(),
        **plain,
    ),
)


def credentials(*keys):
    given = st.dictionaries(st.sampled_from(keys), texts, max_size=2)
    return given.map(lambda found: tuple(found.items()))


images = st.builds(
    Image,
    image=names,
    name=st.just("") | texts,
    entrypoint=st.just(()) | lists,
    command=st.just(()) | lists,
    user=st.just("") | texts,
    environment=variables,
    auth=credentials("username", "password"),
    aws_auth=credentials("aws_access_key_id", "aws_secret_access_key"),
    gcp_auth=variables,
    place=st.just(AT),
)
executors = st.one_of(
    st.builds(
        DockerExecutor,
        images=st.lists(images, min_size=1, max_size=2).map(tuple),
        place=st.just(AT),
    ),
    st.builds(
        MachineExecutor,
        image=st.just("") | texts,
        docker_layer_caching=st.booleans(),
        place=st.just(AT),
    ),
    st.builds(MacosExecutor, xcode=texts, code_signing=st.just("") | texts, place=st.just(AT)),
)
patterns = st.builds(
    Patterns, only=st.none() | lists, ignore=st.none() | st.just(()) | lists, place=st.just(AT)
)
build_jobs = st.fixed_dictionaries(
    {
        "executor": executors,
        "resource_class": st.just("") | texts,
        "shell": st.just("") | texts,
        "working_directory": st.just("") | texts,
        "environment": variables,
        "parallelism": st.integers(1, 3),
        "steps": st.lists(steps, max_size=3).map(tuple),
        "retention": st.sampled_from(["", "7d"]),
        "circleci_ip_ranges": st.booleans(),
    }
)
other_jobs = st.one_of(
    st.just({"type": JobType.APPROVAL}),
    st.just({"type": JobType.NO_OP}),
    st.just({"type": JobType.RELEASE, "details": (("plan_name", "p"),)}),
    st.just({"type": JobType.LOCK, "details": (("key", "k"),)}),
)
invocations = st.fixed_dictionaries(
    {
        "contexts": st.just(()) | lists,
        "filters": st.builds(Filters, branches=st.none() | patterns, tags=st.none() | patterns),
        "serial_group": st.sampled_from(["", "deploys"]),
    }
)


@st.composite
def workflows(draw, name):
    jobs = []
    for job_name in draw(st.lists(names, min_size=1, max_size=3, unique=True)):
        required = draw(st.lists(st.sampled_from(jobs), max_size=2, unique=True)) if jobs else []
        requires = tuple(
            Requirement(job=each.name, statuses=draw(statuses), place=AT) for each in required
        )
        facts = draw(invocations) | draw(build_jobs | other_jobs)
        jobs.append(Job(name=job_name, declared_name="", requires=requires, **facts, place=AT))
    schedules = st.builds(Schedule, cron=st.just("0 2 * * *"), branches=patterns, place=st.just(AT))
    return Workflow(
        name=name,
        jobs=tuple(jobs),
        schedules=tuple(draw(st.lists(schedules, max_size=1))),
        max_auto_reruns=draw(st.integers(0, 5)),
        place=AT,
    )


ends = [JobStatus.SUCCESS, JobStatus.FAILED, JobStatus.CANCELED, JobStatus.NOT_RUN]
statuses = st.sets(st.sampled_from(ends), min_size=1).map(frozenset)
