"""Runs a pipeline: a pure state machine and one loop."""
