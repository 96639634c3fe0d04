"""Small workflows as drawings see them, for the tests of what draws them."""

from samo.cli.graph.model import Edge, Graph, Node, graphs_of
from samo.config import Source, compile_pipeline
from samo.trigger import Trigger, TriggerKind, select

HOSTILE = (
    'a"b',
    "trail\\",
    "\\N",
    "<b>&lt;",
    "x]y[{z}",
    "end",
    "1. list",
    "- dash",
    "__init__",
    "#35;",
    "`t`",
    "a --> b",
    "|p|;%%",
    "https://example.org",
    "日本語",
)


def graph(name="w", **requires):
    """Return the workflow of jobs by name, each with the names that it requires."""
    positions = {job: position for position, job in enumerate(requires)}
    stages = {}
    for job, others in requires.items():
        stages[job] = max((stages[other] + 1 for other in others), default=0)
    nodes = (
        Node(
            name=job,
            stage=stages[job],
            edges=tuple(Edge(source=positions[other]) for other in others),
        )
        for job, others in requires.items()
    )
    return Graph(name=name, nodes=tuple(nodes))


def graphs(workflows, *, branch="main", only=()):
    """Return the workflows of a config for a push of a branch.

    Its jobs are `a` to `e`, `m` with a parameter `v`, and the no-op `stop`.
    """
    body = "docker: [{image: cimg/base:stable}], steps: [checkout]"
    jobs = ", ".join(f"{name}: {{{body}}}" for name in "abcde")
    matrix = f"m: {{parameters: {{v: {{type: string}}}}, {body}}}"
    jobs += f", {matrix}, stop: {{type: no-op}}"
    text = f"version: 2.1\njobs: {{{jobs}}}\nworkflows:\n{workflows}"
    pipeline = compile_pipeline(Source(path="c.yml", text=text), values={}, arguments={}, orbs={})
    trigger = Trigger(TriggerKind.PUSH, branch)
    selection = select(pipeline, trigger, workflows=only)
    return graphs_of(pipeline, selection, workflows=only)


def hostile():
    """Return a workflow whose jobs have the names that formats trip over, one after the other."""
    before = dict(zip(HOSTILE, [[], *([name] for name in HOSTILE)], strict=False))
    return graph('w "x" <y>', **before)
