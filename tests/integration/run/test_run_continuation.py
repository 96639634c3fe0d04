"""A setup pipeline goes on with the config that its job computed, in the same run."""

import json
import os
import signal
from contextlib import suppress

import pytest
from run_repository import BASE, Repository, end, events_until, git, make_repository

pytestmark = pytest.mark.integration

URL = "https://circleci.com/api/v2/pipeline/continue"
POST = """\
import json, os, sys
values = {"continuation-key": os.environ["CIRCLE_CONTINUATION_KEY"]}
values["configuration"] = open(sys.argv[1]).read()
print(json.dumps(values))
"""
CONTINUE = (
    "python3 post.py next.yml > post.json;"
    " [[ $(curl -s -o /dev/stderr -w '%{http_code}' -H 'Content-Type: application/json'"
    f" --data @post.json {URL}) -eq 200 ]]"
)
SETUP = f"""
    version: 2.1
    setup: true
    jobs:
      generate:
        {BASE}
        steps: [checkout, {{run: {json.dumps(CONTINUE)}}}]
    workflows: {{setup: {{jobs: [generate]}}}}
    """
NEXT = f"""
version: 2.1
jobs:
  build: {{{BASE}, steps: [{{run: echo built}}]}}
  test: {{{BASE}, steps: [{{run: echo tested}}]}}
workflows:
  main: {{jobs: [build, {{test: {{requires: [build]}}}}, {{hold: {{type: approval}}}}]}}
  nightly: {{jobs: [build]}}
"""
LONG = f"""
version: 2.1
jobs: {{long: {{{BASE}, steps: [{{run: echo $$; exec sleep 1000}}]}}}}
workflows: {{main: {{jobs: [long]}}}}
"""


def setup_repository(tmp_path, following=NEXT, config=SETUP):
    files = {"post.py": POST, "next.yml": following}
    return make_repository(tmp_path / "r", config, **files)


def ends(done):
    """The status of each workflow."""
    return {each["workflow"]: each["status"] for each in done.of("workflow.finished")}


def running(process):
    """Wait until the setup workflow has ended and LONG runs; return the process of its step."""
    pid, is_over = 0, False
    while not (pid and is_over):
        event = json.loads(process.stdout.readline())
        if event["type"] == "step.output" and event["job"] == "long":
            pid = int(event["text"])
        is_over = is_over or event["type"] == "workflow.finished"
    return pid


def kill(process):
    pid = running(process)
    process.kill()
    process.communicate()
    with suppress(ProcessLookupError):  # a place of its own has ended with samo
        os.kill(pid, signal.SIGKILL)


def test_one_run_has_the_workflows_of_both_configs(tmp_path):
    repository = setup_repository(tmp_path)
    done = repository.run("--approve-all")

    assert done.status == 0
    assert ends(done) == {"setup": "success", "main": "success", "nightly": "success"}
    assert len(done.of("run.started")) == len(done.of("run.finished")) == 1
    numbers = [each["number"] for each in done.of("job.started")]
    assert len(numbers) == len(set(numbers)) == 4
    shown = repository.samo("show", "last", "--json")
    workflows = json.loads(shown.out)["workflows"]
    assert [each["name"] for each in workflows] == ["setup", "main", "nightly"]


def test_a_workflow_that_joins_is_as_old_as_itself(tmp_path):
    following = NEXT.replace("{run: echo built}", "{run: echo built}, {run: sleep 0.2}")
    waiting = SETUP.replace("steps: [checkout,", "steps: [checkout, {run: sleep 2},")
    done = setup_repository(tmp_path, following, waiting).run("nightly")

    [end_] = done.of("workflow.finished", workflow="nightly")
    assert 0.2 <= end_["duration_s"] < 2


def test_the_next_run_counts_on(tmp_path):
    repository = setup_repository(tmp_path)
    first = repository.run("nightly").of("job.started")
    second = repository.run("nightly").of("job.started")

    assert max(each["number"] for each in first) < min(each["number"] for each in second)


def test_the_config_that_followed_is_kept_without_the_secrets_in_it(tmp_path):
    config = SETUP.replace("jobs: [generate]", "jobs: [{generate: {context: [keys]}}]")
    config = config.replace("python3 post.py", "echo '#' $TOKEN >> next.yml; python3 post.py")
    repository = setup_repository(tmp_path, config=config)
    (tmp_path / "contexts.toml").write_text('[keys]\nTOKEN = "s3cret-s3cret"\n')
    (tmp_path / "contexts.toml").chmod(0o600)
    done = repository.run(f"--context-file={tmp_path / 'contexts.toml'}", "nightly")

    assert done.status == 0
    [path] = repository.root.glob(".samo/runs/*/continued.yml")
    assert path.read_text() == f"{NEXT}# ****\n"


@pytest.mark.parametrize(
    ("asked", "ran"),
    [
        (["main"], {"setup": ["generate"], "main": ["build", "test", "hold"]}),
        (["--job=test"], {"setup": ["generate"], "main": ["build", "test"]}),
        (["nightly", "--job=build"], {"setup": ["generate"], "nightly": ["build"]}),
        (["setup"], {"setup": ["generate"]}),
        (["--job=generate"], {"setup": ["generate"]}),
    ],
)
def test_names_mean_the_config_that_has_them(tmp_path, asked, ran):
    done = setup_repository(tmp_path).run("--approve-all", *asked)

    jobs = {each["workflow"]: list(each["jobs"]) for each in done.of("workflow.finished")}
    assert (done.status, jobs) == (0, ran)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("mian", "unknown workflow 'mian' (did you mean 'main'?)"),
        ("--job=tset", "unknown job 'tset' (did you mean 'test'?)"),
        ("--approve=holt", "no job 'holt' asks for an approval (did you mean 'hold'?)"),
    ],
)
def test_a_name_that_neither_config_has_is_told_when_both_are_known(tmp_path, asked, said):
    done = setup_repository(tmp_path).run(asked)

    assert (done.status, ends(done)) == (1, {"setup": "failed"})
    assert said in done.output("generate")


def test_an_approval_of_the_continued_config_holds_and_can_be_given(tmp_path):
    repository = setup_repository(tmp_path)

    assert repository.run("main").status == 3
    assert repository.run("main", "--approve=hold").status == 0


def test_a_cancel_meets_what_joined_too(tmp_path):
    waiting = SETUP.replace('-eq 200 ]]"}', '-eq 200 ]]"}, {run: exec sleep 1000}')
    process = setup_repository(tmp_path, LONG, waiting).start()
    events_until(process, "step.output", job="long")

    done = end(process)

    assert done.status == 130
    assert ends(done) == {"setup": "canceled", "main": "canceled"}


def test_a_run_that_was_killed_after_it_went_on_is_told_whole(tmp_path):
    repository = setup_repository(tmp_path, LONG)
    process = repository.start()
    kill(process)

    shown = repository.samo("show", "last", "--json")
    workflows = {each["name"]: each["status"] for each in json.loads(shown.out)["workflows"]}
    assert workflows == {"setup": "success", "main": "canceled"}


def test_why_says_that_more_may_follow(tmp_path):
    repository = setup_repository(tmp_path)
    told = repository.samo("why")

    more = "this is a setup pipeline, and its jobs say what it goes on with"
    assert f"  more may follow: {more}" in told.out.splitlines()
    assert json.loads(repository.samo("why", "--json").out)["is_setup"]
    assert repository.samo("why", "nightly").err == (
        f"error: no workflow or job is called 'nightly' ({more})\n"
    )


FILTER_ORB = {
    "@orb.yml": "version: 2.1\norbs: {go-on: acme/go-on@1.0.0}\n",
    "jobs/filter.yml": f"""\
        parameters: {{base: {{type: string}}, folders: {{type: string}}}}
        {BASE}
        steps:
          - checkout
          - run:
              environment: {{BASE: << parameters.base >>, FOLDERS: << parameters.folders >>}}
              command: << include(scripts/changed.sh) >>
          - go-on/with: {{config: next.yml, values: "@values.json"}}
        """,
    "scripts/changed.sh": """\
        base=$(echo "$BASE" | circleci env subst)
        git checkout -q "$base"
        git checkout -q "$CIRCLE_SHA1"
        changed=$(git diff --name-only "$(git merge-base "$base" "$CIRCLE_SHA1")" "$CIRCLE_SHA1")
        values=
        for folder in $FOLDERS; do
            case $changed in "$folder"/*) values="$values, \\"$folder\\": true" ;; esac
        done
        echo "{${values#, }}" > values.json
        """,
}
GO_ON_ORB = """\
    version: 2.1
    commands:
      with:
        parameters:
          config: {type: string}
          values: {type: string}
          circleci_domain: {type: string, default: circleci.com}
        steps:
          - run:
              environment: {CIRCLECI_DOMAIN: << parameters.circleci_domain >>}
              command: |
                python3 merge.py << parameters.config >> << parameters.values >> > post.json
                [[ $(curl --retry 5 --retry-delay 0 --retry-connrefused -o /dev/stderr \\
                    -w '%{http_code}' -XPOST -H "Content-Type: application/json" \\
                    -H "Accept: application/json" --data @post.json \\
                    "https://${CIRCLECI_DOMAIN}/api/v2/pipeline/continue") -eq 200 ]]
    """
MERGE = """\
import json, os, sys
config, values = sys.argv[1:]
print(json.dumps({
    "continuation-key": os.environ["CIRCLE_CONTINUATION_KEY"],
    "configuration": open(config).read(),
    "parameters": json.load(open(values[1:])),
}))
"""
FILTERED = f"""
version: 2.1
parameters: {{src: {{type: boolean, default: false}}, docs: {{type: boolean, default: false}}}}
orbs: {{greet: {{commands: {{hello: {{steps: [{{run: echo hello}}]}}}}}}}}
jobs: {{build: {{{BASE}, steps: [greet/hello]}}}}
workflows:
  src: {{when: << pipeline.parameters.src >>, jobs: [build]}}
  docs: {{when: << pipeline.parameters.docs >>, jobs: [build]}}
"""


def filtering_repository(tmp_path) -> Repository:
    """A repository whose pipeline asks what has changed since main, with its orbs beside it."""
    config = """
        version: 2.1
        setup: true
        orbs: {filter: acme/filter@1.0.0}
        workflows:
          check: {jobs: [filter/filter: {base: main, folders: src docs}]}
        """
    orbs = '[orbs]\n"acme/filter@1.0.0" = "../filter"\n"acme/go-on@1.0.0" = "../go-on.yml"\n'
    files = {"samo.toml": orbs, "next.yml": FILTERED, "merge.py": MERGE}
    for name, text in FILTER_ORB.items():
        path = tmp_path / "filter" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "go-on.yml").write_text(GO_ON_ORB)
    return make_repository(tmp_path / "r", config, **files)


@pytest.mark.parametrize("origin", ["https://github.com/acme/widget.git", ""])
def test_paths_that_changed_since_a_base_say_what_follows(tmp_path, origin):
    repository = filtering_repository(tmp_path)
    if origin:
        git(repository.root, "remote", "add", "origin", origin)
    git(repository.root, "switch", "-q", "-c", "feature")
    (repository.root / "src").mkdir()
    (repository.root / "src/a").write_text("new\n")
    git(repository.root, "add", ".")
    git(repository.root, "commit", "-q", "-m", "Change")

    done = repository.run()

    assert (done.status, ends(done)) == (0, {"check": "success", "src": "success"})
    assert done.output("build") == "hello\n"


def test_no_path_that_matters_is_nothing_to_run(tmp_path):
    done = filtering_repository(tmp_path).run()

    assert (done.status, ends(done)) == (0, {"check": "success"})
    kept = ".samo/runs/000001/continued.yml"
    assert done.err.splitlines()[-3:] == [
        *(
            f"workflow {name} does not run: workflow condition"
            f" `<< pipeline.parameters.{name} >>` does not hold ({kept}:{place})"
            for name, place in (("src", "7:15"), ("docs", "8:16"))
        ),
        "the setup pipeline was continued with nothing to run",
    ]


def test_nothing_of_a_setup_run_is_left_where_jobs_run(tmp_path):
    repository = setup_repository(tmp_path, LONG)
    process = repository.start()
    running(process)
    end(process)

    assert repository.scratch() == []
