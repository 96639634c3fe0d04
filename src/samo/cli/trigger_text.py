"""A trigger in words."""

from samo.trigger import Trigger


def trigger_text(trigger: Trigger) -> str:
    """Return what a trigger is of: `branch 'main'`, `the schedule 'nightly' of branch 'main'`."""
    what = f"branch '{trigger.branch}'" if trigger.branch else f"tag '{trigger.tag}'"
    if not trigger.branch and not trigger.tag:
        what = "a checkout without a branch"
    if trigger.kind == "schedule":
        named = f" '{trigger.schedule}'" if trigger.schedule else ""
        return f"the schedule{named} of {what}"
    return what
