"""Resource classes that CircleCI does not list for the executor beside them (EXE-026)."""

from collections.abc import Iterator

from samo.config.compile import Compilation
from samo.config.document import MapNode, ScalarNode
from samo.config.library import Kind
from samo.pipeline.problem import ProblemKind, nearest

_SIZES = ("medium", "large", "xlarge", "2xlarge")
_ARM = tuple(f"arm.{size}" for size in _SIZES)
_GPU = tuple(
    f"gpu.nvidia.{size}"
    for size in ("small", "small.gen2", "small.multi", "medium", "medium.multi", "large")
)
_DOCKER = ("small", "medium", "medium+", "large", "xlarge", "2xlarge", "2xlarge+")
_MACHINE = (*_SIZES, "2xlarge+")
_CLASSES = {
    "docker": (*_DOCKER, *(f"{size}.gen2" for size in _DOCKER), *_ARM, *_GPU),
    "machine": (
        *(f"{size}{generation}" for generation in ("", ".gen2", ".gen3") for size in _MACHINE),
        *_ARM,
        *_GPU,
        *(f"windows.{size}" for size in _SIZES),
        "windows.gpu.nvidia.medium",
    ),
    "macos": ("m4pro.medium", "m4pro.large"),
}
_ALL = tuple(dict.fromkeys(name for names in _CLASSES.values() for name in names))


def warn_of_resource_classes(compilation: Compilation) -> None:
    """Note classes that are not listed; a self-hosted one has a namespace, and passes."""
    elements = compilation.scope.library.elements
    for kind in (Kind.JOB, Kind.EXECUTOR):
        for element in elements.get(kind, {}).values():
            if isinstance(element.body, MapNode):
                _warn_within(element.body, compilation)


def _warn_within(body: MapNode, compilation: Compilation) -> None:
    executor = next((key for key in _CLASSES if key in body.entries), "")
    known = _CLASSES.get(executor, _ALL)
    for node in _classes(body, executor):
        if node.has_tags or "/" in node.text or node.text in known:
            continue
        message = f"CircleCI lists no resource class '{node.text}'"
        if executor:
            message += f" for '{executor}'"
        hint = nearest(node.text, known) or f"it lists {', '.join(known[:10])}"
        problems = compilation.scope.problems
        problems.warn(ProblemKind.UNKNOWN_REFERENCE, message, node.place, hint)


def _classes(body: MapNode, executor: str) -> Iterator[ScalarNode]:
    inner = body.get(executor)
    for node in (body, inner):
        named = node.get("resource_class") if isinstance(node, MapNode) else None
        if isinstance(named, ScalarNode) and isinstance(named.value, str):
            yield named
