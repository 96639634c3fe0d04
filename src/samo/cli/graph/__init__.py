"""Draws the workflows of a pipeline, as text in four formats."""
