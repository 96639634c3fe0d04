"""What starts a run: which workflows and jobs a trigger selects, and why not the rest."""
