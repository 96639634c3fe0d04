"""Looks closer at a config that compiles: for what is legal, and surely not meant."""

from samo.config.review.review import Review, review

__all__ = ["Review", "review"]
