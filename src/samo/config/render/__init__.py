"""What a compiled pipeline looks like as a config again: `samo config process` (CFG-017)."""

from samo.config.render.pipeline import render_pipeline
from samo.config.render.yaml_text import yaml_text

__all__ = ["render_pipeline", "yaml_text"]
