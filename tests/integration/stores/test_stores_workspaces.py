from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from samo.pipeline.job import JobName
from samo.pipeline.problem import SamoError
from samo.stores.workspaces import Layer, Workspace, conflict, require_whole
from samo.system.archive import unpack

pytestmark = pytest.mark.integration

A, B, C = JobName("a"), JobName("b"), JobName("c/1")


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    (folder / "dist" / "sub").mkdir(parents=True)
    (folder / "dist" / "x").write_text("1")
    (folder / "dist" / "sub" / "y").write_text("2")
    (folder / "dist" / "link").symlink_to("sub")
    return folder


def persist(workspace, source, *jobs):
    return [workspace.persist(job, node, source, ["dist"]) for job, node in jobs]


def test_a_layer_has_the_files_of_the_folders_that_are_named(workspace, source):
    layer = workspace.persist(A, 0, source, ["dist"])

    assert layer == Layer(
        job=A,
        node=0,
        number=0,
        archive=layer.archive,
        sha256=layer.sha256,
        files=("dist/link", "dist/sub/y", "dist/x"),
        size_bytes=layer.archive.stat().st_size,
    )


def test_a_layer_is_attached_as_it_was_persisted(workspace, source, tmp_path):
    workspace.persist(A, 0, source, ["dist/sub", "dist/link"])

    [layer] = workspace.layers([A])
    unpack(layer.archive, tmp_path / "at")

    assert sorted(path.relative_to(tmp_path / "at") for path in (tmp_path / "at").rglob("*")) == [
        Path("dist"),
        Path("dist/link"),
        Path("dist/sub"),
        Path("dist/sub/y"),
    ]


def test_a_job_sees_the_layers_of_the_jobs_that_it_asks_for(workspace, source):
    persist(workspace, source, (A, 0), (B, 0), (C, 0))

    assert [layer.job for layer in workspace.layers([C, A])] == [C, A]


def test_layers_of_one_job_come_by_node_and_then_by_step(workspace, source):
    order = [(A, 10), (A, 2), (A, 0), (A, 2), (A, 0)]
    persist(workspace, source, *order)

    assert [(layer.node, layer.number) for layer in workspace.layers([A])] == [
        (0, 0),
        (0, 1),
        (2, 0),
        (2, 1),
        (10, 0),
    ]


def test_the_eleventh_layer_comes_after_the_third(workspace, source):
    persist(workspace, source, *[(A, 0)] * 11)

    assert [layer.number for layer in workspace.layers([A])] == list(range(11))


def test_a_job_that_persisted_nothing_has_no_layers(workspace):
    assert workspace.layers([A]) == ()


def test_jobs_may_persist_at_once(workspace, source):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda node: workspace.persist(A, node % 4, source, ["dist"]), range(16)))

    assert [(layer.node, layer.number) for layer in workspace.layers([A])] == [
        (node, number) for node in range(4) for number in range(4)
    ]


def test_a_name_that_is_missing_adds_no_layer(workspace, source):
    with pytest.raises(SamoError):
        workspace.persist(A, 0, source, ["missing"])

    assert workspace.layers([A]) == ()


def test_a_damaged_layer_is_a_problem_with_a_remedy(workspace, source):
    layer = workspace.persist(A, 0, source, ["dist"])
    (layer.archive.parent / "layer.json").write_text("{}")

    with pytest.raises(SamoError) as caught:
        workspace.layers([A])

    assert str(caught.value) == (
        f"error: the workspace layer {layer.archive.parent} is damaged (run job 'a' again)"
    )


def test_a_layer_whose_bytes_have_changed_is_a_problem_with_a_remedy(workspace, source):
    layer = workspace.persist(A, 0, source, ["dist"])
    require_whole(layer)
    layer.archive.write_bytes(layer.archive.read_bytes()[::-1])

    with pytest.raises(SamoError) as caught:
        require_whole(layer)

    assert str(caught.value) == (
        f"error: the workspace layer {layer.archive.parent} is damaged (run job 'a' again)"
    )


def layer(job, *files, node=0, number=0):
    return Layer(
        sha256="",
        job=job,
        node=node,
        number=number,
        archive=Path("layer.tar"),
        files=files,
        size_bytes=1,
    )


ORDERED = {A: frozenset(), B: frozenset({A}), C: frozenset({A, B})}
UNORDERED = {A: frozenset(), B: frozenset(), C: frozenset()}


@pytest.mark.parametrize(
    ("layers", "upstream", "expected"),
    [
        ([], UNORDERED, None),
        ([layer(A, "x"), layer(B, "y")], UNORDERED, None),
        ([layer(A, "x"), layer(B, "x"), layer(C, "x")], ORDERED, None),
        ([layer(A, "x", number=0), layer(A, "x", number=1)], UNORDERED, None),
        (
            [layer(A, "w", "x"), layer(B, "y", "x")],
            UNORDERED,
            "jobs 'a' and 'b', of which neither requires the other, both persisted 'x'",
        ),
        (
            [layer(A, "x"), layer(B, "x"), layer(C, "x")],
            {**ORDERED, C: frozenset({B})},
            "jobs 'a' and 'c/1', of which neither requires the other, both persisted 'x'",
        ),
        (
            [layer(A, "x", node=0), layer(A, "y", node=1), layer(A, "x", node=2)],
            ORDERED,
            "nodes 0 and 2 of job 'a' both persisted 'x'",
        ),
    ],
)
def test_files_of_jobs_without_an_order_conflict(layers, upstream, expected):
    assert conflict(layers, upstream) == expected
