"""What a run comes to, through the real program: statuses, exit statuses, what is said."""

import pytest
from run_repository import BASE, Repository, git, jobs_config, make_repository

pytestmark = pytest.mark.integration


def test_a_failed_step_fails_its_job_and_keeps_the_others(tmp_path):
    repository = make_repository(
        tmp_path / "r",
        jobs_config(good="echo fine", bad=["echo before", "exit 3", "echo never"]),
    )
    done = repository.run()

    assert done.status == 1
    assert done.statuses() == {"good": "success", "bad": "failed"}
    assert done.output("bad") == "before\n"
    [step] = done.of("step.finished", status="failed")
    assert (step["name"], step["exit_code"], step["step"]) == ("exit 3", 3, 1)
    assert repository.samo("logs", "last", "good", "0").out == "fine\n"


def test_plain_lines_tell_each_job_and_the_verdict(tmp_path):
    repository = make_repository(tmp_path / "r", jobs_config(build=["printf 'no newline'"]))
    done = repository.samo("run")

    assert (done.status, done.err) == (0, "")
    assert "[build]   no newline\n" in done.out
    assert "  build  success" in done.out
    assert "image cimg/base:stable: this machine's own programs stand in for it" in done.out
    assert done.out.splitlines()[-1].startswith("run 1: success in ")


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("no-such-program", 127, "no-such-program: command not found"),
        ("kill -9 $$", 137, ""),
        ("false | true", 1, ""),
    ],
)
def test_a_command_that_cannot_do_its_work_is_a_failure_with_its_status(
    tmp_path, command, code, said
):
    done = make_repository(tmp_path / "r", jobs_config(build=command)).run()

    assert done.status == 1
    [step] = done.of("step.finished")
    assert (step["status"], step["exit_code"]) == ("failed", code)
    assert said in done.output("build")


def test_a_shell_that_is_not_there_is_a_failure_in_words(tmp_path):
    config = f"""
        version: 2.1
        jobs:
          build:
            {BASE}
            shell: /no/such/shell
            steps: [{{run: echo hello}}]
        """
    done = make_repository(tmp_path / "r", config).run()

    assert done.status == 1
    [step] = done.of("step.finished")
    assert "/no/such/shell" in step["reason"]


def test_a_run_for_which_nothing_is_there_says_so_and_succeeds(tmp_path):
    config = f"""
        version: 2.1
        jobs: {{build: {{{BASE}, steps: [checkout]}}}}
        workflows:
          all: {{jobs: [{{build: {{filters: {{branches: {{only: release}}}}}}}}]}}
        """
    repository = make_repository(tmp_path / "r", config)
    done = repository.samo("run")

    assert (done.status, done.err) == (0, "")
    assert "workflow all does not run: each of its jobs is kept out by its filters" in done.out
    assert "nothing to run" in done.out
    assert repository.samo("runs").out == ""


def test_a_repository_without_a_commit_is_one_clear_line(tmp_path):
    git(tmp_path, "init", "-q")
    done = Repository(tmp_path).samo("run")

    assert (done.status, done.out) == (2, "")
    assert done.err.endswith("has no commit yet (git commit makes the first one)\n")


def test_a_directory_that_is_no_repository_is_one_clear_line(tmp_path):
    done = Repository(tmp_path).samo("run")

    assert (done.status, done.out) == (2, "")
    assert done.err == f"error: {tmp_path} is in no git repository (git init makes one)\n".replace(
        str(tmp_path), "."
    )


@pytest.mark.parametrize(
    "config",
    [
        "",
        "- a list\n",
        "version: 2.1\njobs: {\n",
        "version: 1\n",
        jobs_config(a="true").replace("[a]", "[b]"),
        jobs_config(a="true", b="true").replace(
            "[a, b]", "[{a: {requires: [b]}}, {b: {requires: [a]}}]"
        ),
        jobs_config(a="echo << parameters.x >>"),
    ],
)
def test_a_config_that_is_wrong_starts_nothing(tmp_path, config):
    repository = make_repository(tmp_path / "r", config)
    done = repository.run()

    assert (done.status, done.out) == (2, "")
    assert all(line.startswith(".circleci/config.yml:") for line in done.err.splitlines())
    assert not list((tmp_path / "r/.samo/runs").glob("[0-9]*"))


def test_what_cannot_run_here_is_said_before_anything_starts(tmp_path):
    config = f"""
        version: 2.1
        jobs:
          quick: {{{BASE}, steps: [{{run: touch /started}}]}}
          mac: {{macos: {{xcode: "16.0"}}, steps: [checkout]}}
        workflows: {{all: {{jobs: [quick, mac]}}}}
        """
    done = make_repository(tmp_path / "r", config).run()

    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(".circleci/config.yml:5:")
    assert "macOS" in done.err


def test_one_job_brings_what_it_requires_and_nothing_else(tmp_path):
    config = jobs_config(a="true", b="true", c="true").replace(
        "[a, b, c]", "[a, {b: {requires: [a]}}, c]"
    )
    done = make_repository(tmp_path / "r", config).run("--job", "b")

    assert done.statuses() == {"a": "success", "b": "success"}


def test_a_job_of_an_unknown_name_is_refused(tmp_path):
    done = make_repository(tmp_path / "r", jobs_config(build="true")).run("--job", "biuld")

    assert (done.status, done.err) == (2, "error: unknown job 'biuld' (did you mean 'build'?)\n")


def test_a_context_that_is_not_granted_leaves_the_job_unauthorized(tmp_path):
    config = jobs_config(deploy="echo $TOKEN").replace("[deploy]", "[{deploy: {context: prod}}]")
    repository = make_repository(tmp_path / "r", config)
    done = repository.run()

    assert done.status == 1
    assert done.statuses() == {"deploy": "unauthorized"}
    assert "context 'prod' not granted" in done.of("job.finished")[0]["reason"]


def test_a_granted_context_is_seen_by_its_job_and_masked_everywhere(tmp_path):
    config = jobs_config(deploy="echo token=$TOKEN ${#TOKEN}").replace(
        "[deploy]", "[{deploy: {context: prod}}]"
    )
    repository = make_repository(tmp_path / "r", config)
    contexts = tmp_path / "contexts.toml"
    contexts.write_text('[prod]\nTOKEN = "hunter22"\n')
    done = repository.run("--context-file", str(contexts))

    assert (done.status, done.output("deploy")) == (0, "token=**** 8\n")
    assert "hunter22" not in done.out + done.err
    kept = [path for path in (tmp_path / "r/.samo").rglob("*") if path.is_file()]
    assert not any(b"hunter22" in path.read_bytes() for path in kept)


def test_the_callers_environment_stays_outside(tmp_path):
    repository = make_repository(tmp_path / "r", jobs_config(build="echo [$MY_SECRET]"))

    assert repository.run(MY_SECRET="leaked").output("build") == "[]\n"


def test_uncommitted_and_untracked_files_run_and_ignored_ones_do_not(tmp_path):
    config = jobs_config(build="cat a b; ls").replace(
        "      - run", "      - checkout\n      - run"
    )
    repository = make_repository(tmp_path / "r", config, a="old\n")
    (tmp_path / "r/a").write_text("changed\n")
    (tmp_path / "r/b").write_text("new\n")
    (tmp_path / "r/.gitignore").write_text("ignored\n")
    (tmp_path / "r/ignored").write_text("x")
    done = repository.run()

    assert done.output("build").endswith("changed\nnew\na\nb\n")
    assert repository.run("--commit", "HEAD").status == 1  # there is no b in the commit


def test_two_runs_at_once_do_not_meet(tmp_path):
    repository = make_repository(tmp_path / "r", jobs_config(build="pwd; sleep 0.3; touch mine"))
    runs = [repository.start() for _ in range(3)]
    done = [process.communicate(timeout=60) for process in runs]

    assert [process.returncode for process in runs] == [0, 0, 0]
    assert all(err.count("run ") for _, err in done)
    assert len(repository.samo("runs", "--limit", str(10**30)).out.splitlines()) == 3
    assert repository.scratch() == []


def test_a_commit_that_is_asked_for_is_the_one_that_jobs_are_told(tmp_path):
    config = jobs_config(build='echo "$CIRCLE_SHA1"; git rev-parse HEAD')
    config = config.replace("      - run", "      - checkout\n      - run")
    repository = make_repository(tmp_path / "r", config)
    first = git(repository.root, "rev-parse", "HEAD").stdout
    git(repository.root, "commit", "-q", "--allow-empty", "-m", "Go on")
    done = repository.run("--commit", "HEAD~1")

    assert done.output("build").endswith(first + first)
    assert done.of("run.started")[0]["revision"] + "\n" == first


def test_an_approval_that_nobody_asks_for_is_refused(tmp_path):
    config = jobs_config(build="true").replace("[build]", "[{ok: {type: approval}}, build]")
    done = make_repository(tmp_path / "r", config).run("--approve", "okk")

    assert (done.status, done.out) == (2, "")
    assert done.err == "error: no job 'okk' asks for an approval (did you mean 'ok'?)\n"


def test_events_that_cannot_be_written_leave_no_run(tmp_path):
    repository = make_repository(tmp_path / "r", jobs_config(build="true"))
    done = repository.samo("run", "--events", str(tmp_path / "absent/events"))

    assert (done.status, done.out) == (2, "")
    assert "cannot be written" in done.err
    assert not list((tmp_path / "r/.samo/runs").glob("[0-9]*"))


def test_a_relative_samo_home_is_one_below_where_samo_was_called(tmp_path):
    repository = make_repository(tmp_path / "r", jobs_config(build="pwd"))
    done = repository.run(SAMO_HOME="../home")

    assert done.status == 0
    assert (tmp_path / "home/scratch").is_dir()
