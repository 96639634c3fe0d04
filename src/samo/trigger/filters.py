"""What `filters` say of a branch or a tag (WF-022 to WF-027), with the rule that decided."""

import re

from samo.pipeline.job import Condition, Filters, Job, Patterns
from samo.pipeline.problem import ConfigError, Problem, ProblemKind
from samo.pipeline.regex import compile_java, is_full_match
from samo.trigger.model import Finding, Trigger


def matches(pattern: str, name: str) -> bool:
    """Whether a filter's entry names the branch or tag: `/regex/` as a whole, others exactly.

    Raises re.error where a regex is none, or would take too long.
    """
    if len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/"):
        return is_full_match(compile_java(pattern[1:-1]), name)
    return pattern == name


def job_finding(job: Job, trigger: Trigger) -> Finding:
    """Return what the job's own filters say of the trigger."""
    filters: Filters = job.filters
    if filters.expression is not None:
        return condition_finding("filter", filters.expression)
    if trigger.branch or not trigger.tag:
        return branch_finding(filters.branches, trigger.branch)
    return _tag_finding(job, trigger.tag)


def branch_finding(patterns: Patterns | None, branch: str) -> Finding:
    """Return what a branch filter says; without one every branch runs (WF-024)."""
    if patterns is None or (patterns.only is None and patterns.ignore is None):
        place = patterns.place if patterns else None
        return Finding(runs=True, reason="no branch filter: every branch runs", place=place)
    return _pattern_finding("branch", patterns, branch)


def condition_finding(owner: str, condition: Condition) -> Finding:
    """Return what a condition that compilation decided came to."""
    verdict = "holds" if condition.holds else "does not hold"
    reason = f"{owner} condition `{condition.text}` {verdict}"
    return Finding(runs=condition.holds, reason=reason, place=condition.place)


def _tag_finding(job: Job, tag: str) -> Finding:
    patterns = job.filters.tags
    if patterns is None or (patterns.only is None and patterns.ignore is None):
        place = patterns.place if patterns else job.place
        reason = f"tag {tag!r}: a job runs on tags only if it has a tag filter"
        return Finding(runs=False, reason=reason, place=place)
    return _pattern_finding("tag", patterns, tag)


def _pattern_finding(what: str, patterns: Patterns, name: str) -> Finding:
    shown = repr(name) if name else f"a checkout without a {what}"
    # With both lists, `only` is asked and decides alone (WF-023).
    if patterns.only is not None:
        runs = _any_matches(patterns.only, name, patterns)
        verdict = "matches" if runs else "does not match"
        rule = f"only: {_shown(patterns.only)}"
    else:
        ignored = patterns.ignore or ()
        runs = not _any_matches(ignored, name, patterns)
        verdict = "does not match" if runs else "matches"
        rule = f"ignore: {_shown(ignored)}"
    reason = f"{what} filter `{rule}` {verdict} {shown}"
    return Finding(runs=runs, reason=reason, place=patterns.place)


def _any_matches(entries: tuple[str, ...], name: str, patterns: Patterns) -> bool:
    for entry in entries:
        try:
            if matches(entry, name):
                return True
        except re.error as error:
            message = f"filter '{entry}' is no regular expression that can be used: {error}"
            problem = Problem(kind=ProblemKind.FILTER, message=message, place=patterns.place)
            raise ConfigError(problem) from error
    return False


def _shown(entries: tuple[str, ...]) -> str:
    return entries[0] if len(entries) == 1 else f"[{', '.join(entries)}]"
