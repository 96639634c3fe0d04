"""The language, pure: bytes to Pipeline."""

from samo.config.compile import compile_pipeline, required_orbs
from samo.config.document import Source
from samo.config.pipeline_arguments import Arguments, Continuation, arguments_from_text

__all__ = [
    "Arguments",
    "Continuation",
    "Source",
    "arguments_from_text",
    "compile_pipeline",
    "required_orbs",
]
