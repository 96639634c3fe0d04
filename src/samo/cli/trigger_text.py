"""A trigger in words, and what it keeps from running."""

from collections.abc import Iterable, Iterator

from samo.trigger import Exclusion, Trigger


def trigger_text(trigger: Trigger) -> str:
    """Return what a trigger is of: `branch 'main'`, `the schedule 'nightly' of branch 'main'`."""
    what = f"branch '{trigger.branch}'" if trigger.branch else f"tag '{trigger.tag}'"
    if not trigger.branch and not trigger.tag:
        what = "a checkout without a branch"
    if trigger.kind == "schedule":
        named = f" '{trigger.schedule}'" if trigger.schedule else ""
        return f"the schedule{named} of {what}"
    return what


def idle_workflows(exclusions: Iterable[Exclusion]) -> Iterator[str]:
    """Return a line for each workflow that does not run, with the rule that says so."""
    for each in exclusions:
        if not each.job:
            where = f" ({each.place})" if each.place else ""
            yield f"workflow {each.workflow} does not run: {each.reason}{where}"
