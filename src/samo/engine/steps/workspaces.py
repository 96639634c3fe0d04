"""The workspace steps: layers that upstream jobs left for those that come after."""

from samo.engine.steps.report import DONE, Report, StepEnd, Surroundings, failed
from samo.pipeline.event import WorkspaceAttached, WorkspacePersisted
from samo.pipeline.problem import SamoError
from samo.pipeline.step import AttachWorkspace, PersistToWorkspace
from samo.stores.globs import match_names
from samo.stores.workspaces import Workspace, conflict


def persist_to_workspace(step: PersistToWorkspace, around: Surroundings, report: Report) -> StepEnd:
    """Add a layer of what the paths match below the root; one that matches nothing fails."""
    node = around.node
    try:
        with around.sandbox.fetch(step.root) as root:
            names = match_names(root, step.paths)
            layer = _workspace(around).persist(node.job.name, node.index, root, names)
    except SamoError as error:
        return failed(error.problems[0].message)
    report.log.say(f"persisted {len(layer.files)} files ({layer.size_bytes:,} bytes)")
    report.tell(WorkspacePersisted, size_bytes=layer.size_bytes)
    return DONE


def attach_workspace(step: AttachWorkspace, around: Surroundings, report: Report) -> StepEnd:
    """Lay out the layers of all upstream jobs, in the order of the graph (WS-007, WS-008)."""
    upstream = around.upstream[around.node.job.name]
    layers = _workspace(around).layers(upstream)
    orders = {name: frozenset(around.upstream[name]) for name in upstream}
    if clash := conflict(layers, orders):
        return failed(clash)  # WS-009
    try:
        for layer in layers:
            around.sandbox.deliver(layer.archive, step.at)
    except SamoError as error:
        return failed(error.problems[0].message)
    if not layers:
        report.log.say("no upstream job has persisted anything")  # WS-013
    report.tell(WorkspaceAttached, layers=len(layers))
    return DONE


def _workspace(around: Surroundings) -> Workspace:
    """Return the one of the workflow's run (WS-012)."""
    return Workspace(around.folder.workspace(around.node.workflow))
