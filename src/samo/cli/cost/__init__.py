"""Estimates what a run takes of CircleCI's credits."""
