"""Where a job runs: an executor opens a Sandbox for it."""
