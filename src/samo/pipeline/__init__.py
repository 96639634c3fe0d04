"""The words that all of samo uses: Pipeline, Workflow, Job, Step, Status, Event, Problem."""
