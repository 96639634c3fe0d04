"""The workspace steps: layers that upstream jobs left for those that come after."""

from pathlib import Path
from tempfile import TemporaryDirectory

from samo.engine.steps.report import DONE, Report, StepEnd, Surroundings, failed
from samo.pipeline.event import WorkspaceAttached, WorkspacePersisted
from samo.pipeline.problem import SamoError
from samo.pipeline.step import AttachWorkspace, PersistToWorkspace
from samo.stores.globs import match_names
from samo.stores.workspaces import Workspace, conflict, require_whole
from samo.system.archive import pack


def persist_to_workspace(step: PersistToWorkspace, around: Surroundings, report: Report) -> StepEnd:
    """Add a layer of what the paths match below the root; one that matches nothing fails."""
    node = around.node
    try:
        with around.sandbox.fetch(step.root) as root:
            names = match_names(root, step.paths)
            workspace, skip = _workspace(around), report.leave_out
            layer = workspace.persist(node.job.name, node.index, root, names, skip=skip)
    except SamoError as error:
        return failed(error.problems[0].message)
    report.log.say(f"persisted {len(layer.files)} files ({layer.size_bytes:,} bytes)")
    report.tell(WorkspacePersisted, size_bytes=layer.size_bytes)
    return DONE


def attach_workspace(step: AttachWorkspace, around: Surroundings, report: Report) -> StepEnd:
    """Lay out the layers of all upstream jobs, in the order of the graph (WS-007, WS-008)."""
    upstream = around.upstream[around.node.job.name]
    orders = {name: frozenset(around.upstream[name]) for name in upstream}
    try:
        layers = _workspace(around).layers(upstream)
        if clash := conflict(layers, orders):
            return failed(f"{clash} (let one require the other, or give the files other names)")
        for layer in layers:
            require_whole(layer)
        for layer in layers:
            around.sandbox.deliver(layer.archive, step.at)
        if not layers:
            _make(step.at, around)
            report.log.say("no upstream job has persisted anything")  # WS-013
    except SamoError as error:
        return failed(error.problems[0].message)
    report.tell(WorkspaceAttached, layers=len(layers))
    return DONE


def _make(at: str, around: Surroundings) -> None:
    """Make the folder `at`, as a layer of no files does (WS-005)."""
    with TemporaryDirectory() as folder:
        archive = Path(folder, "nothing.tar")
        pack(archive, archive.parent, ())
        around.sandbox.deliver(archive, at)


def _workspace(around: Surroundings) -> Workspace:
    """Return the one of the workflow's run (WS-012)."""
    return Workspace(around.folder.workspace(around.node.workflow))
