import pytest
from engine_plans import HERE, job, workflow

from samo.engine.differences import Circumstances, Origins, all_differences, values_met
from samo.engine.resources import Resources
from samo.engine.variables import Grants, RunFacts
from samo.executors import Difference
from samo.pipeline.job import Condition, Filters, JobName, JobType
from samo.pipeline.pipeline import NullValue, Pipeline, Workflow
from samo.pipeline.place import Place
from samo.pipeline.step import AddSshKeys, Checkout, Run, SaveCache

SMALL = Resources(cores=2, memory_mib=4096)
CONFIG_LINE = Place("config.yml", 9, 9)


class Cloud:
    """An executor in which nothing is otherwise."""

    def check(self, _job):
        return ()

    def differences(self, _job):
        return ()


class Elsewhere(Cloud):
    def differences(self, _job):
        return (Difference(rule="LOC-003", message="no image"),)


def around(**settings):
    given = {"executor": Cloud(), "machine": SMALL, "facts": RunFacts(id="r1"), **settings}
    return Circumstances(**given)


def told(*jobs, **settings):
    noted = all_differences((workflow(*jobs),), around(**settings))
    return [(each.rule, each.message, each.job) for each in noted]


def runs(command, **settings):
    step = Run(name="x", command=command, place=CONFIG_LINE, **settings)
    return job("a", steps=(step,))


def test_a_job_that_is_the_same_here_has_no_differences():
    same = job(
        "a",
        resource_class="small",
        parallelism=2,
        steps=(
            Checkout(place=HERE),
            Run(name="x", command="make; echo $CIRCLE_SHA1; circleci tests glob '*'", place=HERE),
        ),
    )

    assert told(same) == []


def test_what_is_no_build_job_has_no_differences():
    assert told(job("a", type=JobType.APPROVAL), executor=Elsewhere()) == []


def test_what_the_executor_says_touches_the_job_and_stands_where_the_job_stands():
    [noted] = all_differences((workflow(job("a")),), around(executor=Elsewhere()))

    assert (noted.rule, noted.workflow, noted.job, noted.place) == ("LOC-003", "w", "a", HERE)


@pytest.mark.parametrize(
    ("settings", "rule", "message"),
    [
        (
            {"resource_class": "xlarge"},
            "LOC-006",
            "resource class xlarge: 8 cores and 16 GB are not lent here",
        ),
        (
            {"resource_class": "small", "parallelism": 5},
            "LOC-018",
            "parallelism 5: this machine has room for 2 at a time",
        ),
        (
            {"serial_group": "deploy"},
            "LOC-014",
            "serial group 'deploy': only runs on this machine wait for each other",
        ),
        (
            {"circleci_ip_ranges": True},
            "LOC-008",
            "circleci_ip_ranges: requests come from this machine's own address",
        ),
        (
            {"retention": "7d", "steps": (SaveCache(key="k", paths=("a",), place=HERE),)},
            "LOC-008",
            "retention 7d: caches here do not expire",
        ),
        (
            {"steps": (AddSshKeys(place=HERE),)},
            "LOC-012",
            "add_ssh_keys: a project has no keys here, none is added",
        ),
        (
            {"steps": (AddSshKeys(fingerprints=("SHA256:x",), place=HERE),)},
            "LOC-012",
            "add_ssh_keys: no key SHA256:x is here, the step fails",
        ),
        (
            {"steps": (Checkout(method="shallow", depth=1, place=HERE),)},
            "STEP-022",
            "a shallow checkout has all commits here",
        ),
    ],
)
def test_what_a_job_asks_for_and_has_otherwise_is_told(settings, rule, message):
    assert told(job("a", **settings)) == [(rule, message, "a")]


def test_a_retention_of_caches_says_nothing_to_a_job_that_saves_none():
    assert told(job("a", retention="7d")) == []


@pytest.mark.parametrize(
    ("command", "rule", "message"),
    [
        (
            'curl -d "$CIRCLE_OIDC_TOKEN_V2" https://example.org',
            "LOC-007",
            "CIRCLE_OIDC_TOKEN_V2 is not set: CircleCI alone can sign such a token",
        ),
        (
            "token=$(circleci run oidc get)",
            "LOC-007",
            "'circleci run oidc' fails: CircleCI alone can sign",
        ),
        (
            "echo ${CIRCLE_PULL_REQUEST##*/}",
            "LOC-011",
            "CIRCLE_PULL_REQUEST is not set: a run here is of no pull request",
        ),
        (
            "notify $CIRCLE_BUILD_URL",
            "LOC-016",
            "CIRCLE_BUILD_URL leads to a log on this machine, and to no web page",
        ),
        (
            "curl https://circleci.com/api/v2/workflow/$CIRCLE_WORKFLOW_ID",
            "LOC-016",
            "CircleCI's API knows no such run",
        ),
        (
            "circleci run release update x",
            "CLI-015",
            "'circleci run release' does nothing",
        ),
    ],
)
def test_what_a_command_names_and_has_otherwise_is_told(command, rule, message):
    assert told(runs(command)) == [(rule, message, "a")]


@pytest.mark.parametrize(
    "command",
    [
        "# CIRCLE_OIDC_TOKEN would do",
        "echo $MY_CIRCLE_OIDC_TOKEN",
        "curl https://circleci.com/api/v2/pipeline/continue",
        "circleci-agent step halt",
    ],
)
def test_what_a_command_has_as_in_the_cloud_is_not_told(command):
    assert told(runs(command)) == []


def test_a_variable_that_the_user_gives_is_none_that_lacks():
    token = (("CIRCLE_OIDC_TOKEN", "x"),)
    facts = RunFacts(id="r1", grants=Grants(contexts={"oidc": dict(token)}))
    granted = job("a", contexts=("oidc",), steps=runs("echo $CIRCLE_OIDC_TOKEN").steps)

    assert told(runs("echo $CIRCLE_OIDC_TOKEN", environment=token)) == []
    assert [rule for rule, *_ in told(granted, facts=facts)] == ["LOC-010"]


def test_the_same_in_several_steps_of_a_job_is_told_once():
    twice = job("a", steps=(*runs("echo $CIRCLE_PR_NUMBER").steps,) * 2)

    assert len(told(twice)) == 1


def test_an_orb_for_which_the_repository_stands_in_touches_the_jobs_that_use_it():
    local = Origins(local_orbs={"orbs/x": "acme/x@1.2.3"})
    uses = Run(name="x", command="make", place=Place("orbs/x/commands/a.yml", 3, 1))

    assert told(job("a", steps=(uses,)), job("b"), origins=local) == [
        ("ORB-021", "orb acme/x@1.2.3: orbs/x of this repository stands in for it", "a")
    ]


def test_what_touches_the_whole_run_has_no_job():
    facts = RunFacts(
        id="r1",
        grants=Grants(passed=("A", "B")),
        skip_mark="[ci skip]",
        continuation_key="k",
    )

    assert told(facts=facts, is_uncommitted=True) == [
        ("ENV-016", "every job has of the caller's environment: A, B", ""),
        ("CFG-021", "the commit says '[ci skip]': the cloud would run nothing", ""),
        ("DYN-005", "a request to continue the pipeline is answered where curl makes it", ""),
        (
            "STEP-026",
            "the checkout has uncommitted changes, the cloud's would have the commit alone",
            "",
        ),
    ]


def null(name, of="", line=1):
    return NullValue(name=name, job=of, place=Place("config.yml", line, 1))


def test_a_value_that_is_null_touches_the_jobs_that_read_it():
    values = (null("pipeline.event.github.pull_request.number", "a"), null("pipeline.name"))

    assert told(job("a"), job("b"), origins=Origins(null_values=values)) == [
        (
            "LOC-011",
            "pipeline.event.github.pull_request.number is null here, unless --value gives it",
            "a",
        ),
        ("ENV-001", "pipeline.name is null here, unless --value gives it", ""),
    ]


def test_only_values_that_have_to_do_with_what_runs_are_met():
    runs_here = Workflow(name="w", jobs=(job("a"),), place=Place("config.yml", 10, 1))
    condition = Condition(text="pipeline.deploy.reason", holds=False, place=HERE)
    expression = Condition(text="pipeline.trigger.name", holds=False, place=HERE)
    filtered = job("c", filters=Filters(expression=expression))
    other = Workflow(
        name="v",
        jobs=(job("b"), filtered),
        condition=condition,
        place=Place("config.yml", 20, 1),
    )
    values = (
        null("pipeline.name", "a"),
        null("pipeline.name", "b"),
        null("pipeline.git.tag", "a"),
        null("pipeline.event.github.ref", line=11),
        null("pipeline.event.github.after", line=21),
        null("pipeline.deploy.reason", line=22),
        null("pipeline.trigger.name", line=23),
    )
    pipeline = Pipeline(
        path="config.yml", version="2.1", workflows=(runs_here, other), null_values=values
    )

    met = values_met(pipeline, (runs_here,))

    assert [(each.name, each.job) for each in met] == [
        ("pipeline.name", "a"),
        ("pipeline.event.github.ref", ""),
        ("pipeline.deploy.reason", ""),
        ("pipeline.trigger.name", ""),
    ]


def test_a_job_of_an_orb_is_known_by_its_name_there():
    pipeline = Pipeline(
        path="config.yml",
        version="2.1",
        workflows=(workflow(job("x/a")),),
        null_values=(null("pipeline.name", "a"),),
    )

    assert len(values_met(pipeline, pipeline.workflows)) == 1
    assert JobName("x/a") == pipeline.workflows[0].jobs[0].name
