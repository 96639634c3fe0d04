"""Where the paths of a config lie for a job that has a folder and no image."""

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from samo.executors.job_paths import is_elsewhere, isolated_paths_of, paths_of

JOB = Path("/runs/7/job")
ROOT = "/root"
SOME_PATHS = st.lists(
    st.sampled_from(["~", "..", ".", "", "a", "root", "home", "circleci", "tmp", "$X", "runs"]),
    min_size=1,
    max_size=6,
).flatmap(lambda words: st.sampled_from(["/".join(words), "/" + "/".join(words)]))


@pytest.mark.parametrize(
    ("configured", "here"),
    [
        ("", "/runs/7/job/home/project"),
        ("~/project", "/runs/7/job/home/project"),
        ("~", "/runs/7/job/home"),
        ("~/", "/runs/7/job/home"),
        (".", "/runs/7/job/home"),
        ("code", "/runs/7/job/home/code"),
        ("/home/circleci/project", "/runs/7/job/home/project"),
        (f"{ROOT}/project", "/runs/7/job/home/project"),
        ("/tmp/src/app", "/tmp/src/app"),
        ("/go/src/helm.sh/helm", "/runs/7/job/work"),
        ("/", "/"),
    ],
)
def test_the_working_directory_is_the_jobs_own(configured, here):
    assert paths_of(JOB, configured).working_directory == here


@pytest.mark.parametrize(
    ("written", "here"),
    [
        ("dist", "/runs/7/job/home/project/dist"),
        ("../other", "/runs/7/job/home/other"),
        ("~/.cache/pip", "/runs/7/job/home/.cache/pip"),
        ("~other/x", "/runs/7/job/home/project/~other/x"),
        ("$HOME/x", "/runs/7/job/home/project/$HOME/x"),
        (f"{ROOT}/.cache", "/runs/7/job/home/.cache"),
        (f"/{ROOT}/.cache", "/runs/7/job/home/.cache"),
        ("/rootless", "/rootless"),
        ("/home/circleci/../circleci/x", "/runs/7/job/home/x"),
        ("/tmp/workspace", "/tmp/workspace"),
        ("/opt/tools", "/opt/tools"),
    ],
)
def test_a_path_starts_at_the_working_directory_and_cloud_homes_are_the_jobs(written, here):
    assert paths_of(JOB, "~/project").expand(written) == here


def test_what_lies_below_a_foreign_working_directory_is_in_the_jobs_own():
    paths = paths_of(JOB, "/go/src/app")
    assert [paths.expand(path) for path in ("vendor", "/go/src/app/vendor", "/go/src/apple")] == [
        "/runs/7/job/work/vendor",
        "/runs/7/job/work/vendor",
        "/go/src/apple",
    ]


@given(
    written=SOME_PATHS,
    working_directory=SOME_PATHS,
    folder=st.sampled_from(
        ["/runs/7", f"{ROOT}/repo/.samo/7", "/home/circleci/project/7", "/tmp/7"]
    ),
)
def test_an_expanded_path_is_absolute_and_stays_as_it_is(written, working_directory, folder):
    paths = paths_of(Path(folder), working_directory)
    expanded = paths.expand(written)
    assert PurePosixPath(expanded).is_absolute()
    assert ".." not in PurePosixPath(expanded).parts
    assert paths.expand(expanded) == expanded


@pytest.mark.parametrize(
    ("working_directory", "elsewhere"),
    [
        ("", False),
        ("docs", False),
        ("~/repo", False),
        ("/root", False),
        ("/tmp/x", False),
        ("/", False),
        ("/home/ubuntu/docs/", True),
        ("/app", True),
    ],
)
def test_only_an_image_could_let_a_job_work_elsewhere(working_directory, elsewhere):
    assert is_elsewhere(working_directory) is elsewhere


@pytest.mark.parametrize(
    ("path", "owned"),
    [
        ("home/x", True),
        ("home", True),
        ("tmp/x", True),
        ("work", True),
        ("agent/halt", False),
        ("homes", False),
        ("home/../agent", False),
        ("home/out/x", False),
        ("home/in/x", True),
    ],
)
def test_a_job_owns_what_lies_in_its_folders_links_followed(path, owned, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "out").symlink_to("/etc")
    (tmp_path / "home" / "in").symlink_to("project")
    is_in_tmp = (tmp_path / path).resolve().is_relative_to(Path("/tmp").resolve())
    assert paths_of(tmp_path, "").owns(f"{tmp_path}/{path}") is (owned or is_in_tmp)


@pytest.mark.parametrize(("path", "owned"), [("/tmp/x", True), ("/tmp", True), ("/etc", False)])
def test_a_job_owns_tmp_and_nothing_else_of_the_machine(path, owned):
    assert paths_of(JOB, "/").owns(path) is owned


@pytest.mark.parametrize(
    ("configured", "seen", "here"),
    [
        ("", "/home/circleci/project", "/runs/7/job/home/project"),
        ("~/a", "/home/circleci/a", "/runs/7/job/home/a"),
        (f"{ROOT}/a", "/home/circleci/a", "/runs/7/job/home/a"),
        ("/tmp/a", "/tmp/a", "/runs/7/job/tmp/a"),
        ("/no-such-folder/a", "/no-such-folder/a", "/runs/7/job/work"),
        ("/usr", "/home/.samo/work", "/runs/7/job/work"),
    ],
)
def test_with_mounts_of_its_own_a_job_has_the_clouds_paths(configured, seen, here):
    paths = isolated_paths_of(JOB, configured)
    assert paths.working_directory == seen
    assert paths.here(seen) == here


@pytest.mark.parametrize(
    ("written", "seen", "here", "owned"),
    [
        ("dist", "/home/circleci/project/dist", "/runs/7/job/home/project/dist", True),
        ("~/.cache", "/home/circleci/.cache", "/runs/7/job/home/.cache", True),
        ("/tmp/x", "/tmp/x", "/runs/7/job/tmp/x", True),
        ("/tmp/../etc/x", "/etc/x", "/etc/x", False),
        ("/no-such-folder", "/no-such-folder", "/no-such-folder", False),
        ("/home/.samo/agent", "/home/.samo/agent", "/runs/7/job/agent", False),
    ],
)
def test_what_a_job_with_mounts_sees_lies_in_its_folder(written, seen, here, owned):
    paths = isolated_paths_of(JOB, "")
    assert (paths.expand(written), paths.here(seen), paths.owns(seen)) == (seen, here, owned)


def test_links_are_followed_as_a_job_with_mounts_would(tmp_path):
    (tmp_path / "home").mkdir()
    links = {"in": "/home/circleci/x", "up": "../tmp/x", "out": "/etc", "loop": "loop"}
    for name, target in links.items():
        (tmp_path / "home" / name).symlink_to(target)
    paths = isolated_paths_of(tmp_path, "")
    assert [paths.here(f"/home/circleci/{name}/y") for name in links] == [
        f"{tmp_path}/home/x/y",
        "/home/tmp/x/y",
        "/etc/y",
        f"{tmp_path}/home/loop/y",
    ]


@example(written="/root", working_directory="/home")
@given(written=SOME_PATHS, working_directory=SOME_PATHS)
def test_what_is_expanded_for_a_job_with_mounts_stays_as_it_is(written, working_directory):
    paths = isolated_paths_of(JOB, working_directory)
    expanded = paths.expand(written)
    assert PurePosixPath(expanded).is_absolute()
    assert paths.expand(expanded) == expanded
