"""SAMO DL, the service: the emotions of a journal text, over HTTP."""
