"""What a run keeps: caches, workspaces, artifacts, test results, journals, history."""
