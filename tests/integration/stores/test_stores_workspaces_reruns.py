"""What a rerun finds of a workspace (WS-012)."""

import pytest

from samo.pipeline.job import JobName
from samo.stores.workspaces import Workspace
from samo.system.archive import unpack

pytestmark = pytest.mark.integration

A, B = JobName("a"), JobName("b")


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "file").write_text("kept\n")
    return folder


def test_the_layers_of_a_job_that_runs_again_make_way(tmp_path, source):
    workspace = Workspace(tmp_path / "workspace")
    for job in (A, A, B):
        workspace.persist(job, 0, source, ["file"])

    workspace.forget([A, JobName("never")])

    assert [layer.job for layer in workspace.layers([A, B])] == [B]
    assert workspace.persist(A, 0, source, ["file"]).number == 0


def test_layers_that_are_taken_over_outlive_where_they_came_from(tmp_path, source):
    before = Workspace(tmp_path / "before")
    before.persist(A, 0, source, ["file"])
    before.persist(B, 0, source, ["file"])
    after = Workspace(tmp_path / "after")

    after.inherit(tmp_path / "before", [A, JobName("never")])
    before.forget([A])

    [layer] = after.layers([A, B])
    assert layer.job == A
    unpack(layer.archive, tmp_path / "out")
    assert (tmp_path / "out/file").read_text() == "kept\n"


def test_a_layer_of_a_rerun_does_not_change_what_the_run_before_had(tmp_path, source):
    before = Workspace(tmp_path / "before")
    before.persist(A, 0, source, ["file"])
    after = Workspace(tmp_path / "after")
    after.inherit(tmp_path / "before", [A])

    after.persist(A, 0, source, ["file"])

    assert len(before.layers([A])) == 1
    assert len(after.layers([A])) == 2
