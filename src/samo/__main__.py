"""`python -m samo`."""

from samo.cli.main import main

main()
