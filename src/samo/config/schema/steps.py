"""The schema of steps: the built-in ones, conditions, and the calls of commands."""

from samo.config.builtin_steps import CHECKOUT_METHODS, MAX_RERUNS, STEP_KEYS
from samo.config.durations import DURATION
from samo.config.schema.parts import (
    FLAG,
    NAME,
    TAG,
    TEXT,
    TEXT_OR_TEXTS,
    TEXTS,
    Schema,
    choice,
    integer,
    mapping,
    matching,
    or_null,
    ref,
    told,
)
from samo.config.steps import CONDITION_KEYS
from samo.pipeline.step import When

_NAMED = {"name": told(TEXT, "What the step is called where it is shown.")}
_WHEN = told(
    choice(When), "In which state of the job the step runs: on_success, on_fail or always."
)
_LENIENT_WHEN = told({"anyOf": [choice(When), {"type": "boolean"}]}, _WHEN["description"])
_COMMON = {**_NAMED, "when": _LENIENT_WHEN}
_RUN = {
    **_NAMED,
    "when": _WHEN,
    "command": told(NAME, "The script; all of its lines run in one shell."),
    "shell": told(TEXT_OR_TEXTS, "The command line that gets the script as a file."),
    "environment": told(ref("environment"), "Variables of this step."),
    "background": told(FLAG, "Go on at once; the job does not wait for it, nor fail with it."),
    "working_directory": told(TEXT, "Where the script starts: below the job's, absolute, or ~."),
    "no_output_timeout": told(
        or_null(matching(DURATION)), "So long it may be silent, such as 90s, 20m or 1.25h: 10m."
    ),
    "max_auto_reruns": told(integer(1, MAX_RERUNS), "So often it is tried again when it fails."),
    "auto_rerun_delay": told(
        or_null(matching(DURATION)), "How long to wait before each rerun, at most 10m."
    ),
}
_CACHE_KEY = 'The cache\'s key; templates such as {{ checksum "FILE" }} are filled in as it runs.'
_PROPERTIES: dict[str, dict[str, Schema]] = {
    "run": _RUN,
    "deploy": _RUN,
    "checkout": {
        **_COMMON,
        "path": told(TEXT, "Where the repository goes; the job's working directory by default."),
        "method": told(choice(CHECKOUT_METHODS), "How much of the history is fetched."),
        "depth": told(integer(1), "How many commits a shallow clone has."),
    },
    "save_cache": {
        **_COMMON,
        "key": told(NAME, _CACHE_KEY),
        "paths": told({"anyOf": [{"type": "array", "items": NAME}, TAG]}, "What to keep."),
    },
    "restore_cache": {
        **_COMMON,
        "key": told(TEXT_OR_TEXTS, _CACHE_KEY),
        "keys": told(TEXTS, "Keys in the order of preference; each may be the beginning of one."),
        "paths": told({}, "No effect: a cache returns to where it was saved from."),
    },
    "persist_to_workspace": {
        **_COMMON,
        "root": told(NAME, "The directory that the paths are relative to."),
        "paths": told(
            {"anyOf": [NAME, {"type": "array", "items": NAME, "minItems": 1}]},
            "What later jobs get; globs, each taken below the root.",
        ),
    },
    "attach_workspace": {
        **_COMMON,
        "at": told(NAME, "Where the files of the jobs before are laid out."),
    },
    "store_artifacts": {
        **_COMMON,
        "path": told(NAME, "The file or folder to keep."),
        "destination": told(TEXT, "What its path begins with among the artifacts."),
    },
    "store_test_results": {
        **_COMMON,
        "path": told(NAME, "A JUnit XML file, or a folder with some."),
    },
    "add_ssh_keys": {
        **_COMMON,
        "fingerprints": told(TEXT_OR_TEXTS, "Which keys of the project; all of them by default."),
    },
    "setup_remote_docker": {
        **_COMMON,
        "version": told(TEXT, "The version of the Docker engine."),
        "docker_layer_caching": told(FLAG, "Keep the layers of images from run to run."),
        "prefer_same_region": told(FLAG, "Start the engine in the region of the job."),
        "reusable": told({}, "Deprecated; no effect."),
    },
}
_REQUIRED = {
    "run": ("command",),
    "deploy": ("command",),
    "save_cache": ("key", "paths"),
    "persist_to_workspace": ("root", "paths"),
    "attach_workspace": ("at",),
    "store_artifacts": ("path",),
    "store_test_results": ("path",),
}
_ABOUT = {
    "run": "Run a script.",
    "deploy": "Deprecated: write `run`.",
    "checkout": "Bring the repository, at the revision of the pipeline.",
    "save_cache": "Keep files under a key, for later runs.",
    "restore_cache": "Bring back what an earlier run kept.",
    "persist_to_workspace": "Hand files on to later jobs of the workflow.",
    "attach_workspace": "Bring the files that earlier jobs handed on.",
    "store_artifacts": "Keep files to look at after the run.",
    "store_test_results": "Read test results, for the history of each test.",
    "add_ssh_keys": "Install SSH keys of the project.",
    "setup_remote_docker": "Give the later steps a Docker engine of their own.",
}
_RERUNS: Schema = {
    "dependencies": {"auto_rerun_delay": ["max_auto_reruns"]},
    "not": {
        "required": ["background", "max_auto_reruns"],
        "properties": {"background": {"const": True}},
    },
}
"""STEP-013: a delay needs reruns, and a step in the background has none."""
_SHORT_FORMS = ("run", "deploy")
_BARE = tuple(word for word in STEP_KEYS if word not in _REQUIRED and word != "restore_cache")


def steps_schema() -> Schema:
    """Return the schema of a list of steps; a tag may stand for it."""
    return {"anyOf": [{"type": "array", "items": ref("step")}, TAG]}


def step_schema() -> Schema:
    """Return the schema of one step: a name, or a mapping with one key (STEP-001)."""
    words = {word: _builtin(word) for word in STEP_KEYS}
    call = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": {
            **words,
            "when": _condition("Steps for when a condition holds."),
            "unless": _condition("Steps for when a condition does not hold."),
            "steps": told(ref("steps"), "The steps of a parameter: << parameters.NAME >>."),
            "install_signing_bundle": told({}, "Install what signs applications; on macOS."),
        },
        "additionalProperties": told(
            {"type": ["object", "null"]}, "A command, with its arguments."
        ),
    }
    bare = {"type": "string", "anyOf": [{"enum": list(_BARE)}, {"not": {"enum": list(_REQUIRED)}}]}
    return {"anyOf": [bare, call]}


def _builtin(word: str) -> Schema:
    body = mapping(STEP_KEYS[word], _PROPERTIES[word], _REQUIRED.get(word, ()))
    if word == "restore_cache":
        body["anyOf"] = [{"required": ["key"]}, {"required": ["keys"]}]
    if word in _SHORT_FORMS:
        body |= _RERUNS
        return told({"anyOf": [{"type": "string"}, body]}, _ABOUT[word])
    return told(or_null(body) if word in _BARE else body, _ABOUT[word])


def _condition(description: str) -> Schema:
    properties = {
        "condition": told(ref("condition"), "Decided when the config is compiled."),
        "steps": told(or_null(ref("steps")), "The steps that then run."),
    }
    return told(mapping(CONDITION_KEYS, properties, CONDITION_KEYS), description)
