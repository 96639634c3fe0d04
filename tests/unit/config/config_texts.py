"""Small configs for tests: a job with given steps, a workflow with given jobs, what is wrong."""

from samo.config import Source, arguments_from_text, compile_pipeline
from samo.config.review import review
from samo.pipeline.problem import ConfigError

VALUES = {
    "pipeline.number": 7,
    "pipeline.git.branch": "main",
    "pipeline.git.tag": None,
    "pipeline.git.branch.is_default": True,
}
DOCKER = "docker: [{image: cimg/base:stable}]"


def compiled(text, *, values=VALUES, params=(), orbs=None):
    source = Source(path="c.yml", text=text)
    arguments = arguments_from_text(params)
    return compile_pipeline(source, values=values, arguments=arguments, orbs=orbs or {})


def problems(text, **how):
    """Return what is wrong with a config, each as 'line:column kind: message'."""
    try:
        compiled(text, **how)
    except ConfigError as error:
        return [_line(problem) for problem in error.problems]
    return []


def warnings(text, **how):
    """Return what is legal, but surely not meant, each as 'line:column kind: message'."""
    source = Source(path="c.yml", text=text)
    return [_line(problem) for problem in review(source, values=VALUES, **how).warnings]


def _line(problem):
    place = problem.place
    where = f"{place.line}:{place.column} " if place else ""
    return f"{where}{problem.kind}: {problem.message}"


def kinds(text, **how):
    return [line.partition(": ")[0] for line in problems(text, **how)]


def with_steps(steps, head=""):
    """Return a config whose job `build` has these steps, from line 5 and column 12 on."""
    return f"version: 2.1\njobs:\n  build:\n    {DOCKER}\n    steps: {steps}\n{head}"


def steps_of(steps, head="", **how):
    return compiled(with_steps(steps, head), **how).workflows[0].jobs[0].steps


def job_of(body, head="", **how):
    text = f"version: 2.1\njobs:\n  build:\n    {body}\n{head}"
    return compiled(text, **how).workflows[0].jobs[0]


def with_workflow(jobs, *, declared="", keys=""):
    """Return a config whose workflow `w` invokes these jobs, the list from line 4 on."""
    lines = "\n".join(f"    {line}" for line in jobs.strip("\n").splitlines())
    return (
        "version: 2.1\nworkflows:\n  w:\n"
        + (f"    jobs:\n{lines}\n" if jobs else "")
        + (f"    {keys}\n" if keys else "")
        + "jobs:\n"
        + "".join(f"  {name}: {{{DOCKER}, steps: [checkout]}}\n" for name in "abc")
        + declared
    )


def workflow_of(jobs, *, declared="", keys="", **how):
    return compiled(with_workflow(jobs, declared=declared, keys=keys), **how).workflows[0]


def names_of(workflow):
    return [job.name for job in workflow.jobs]


def requires_of(workflow):
    return {job.name: [each.job for each in job.requires] for job in workflow.jobs}
