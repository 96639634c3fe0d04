"""A JSON schema of the language, for editors: `samo config schema`."""

from samo.config.schema.language import language_schema

__all__ = ["language_schema"]
