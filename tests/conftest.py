"""What all tests begin with."""

import os

# Jobs with a /tmp of their own are shown what the PATH has below it, which is then not empty: as
# where this repository, with its environment, was cloned to /tmp.
os.environ["PATH"] = os.pathsep.join(
    folder for folder in os.environ["PATH"].split(os.pathsep) if not folder.startswith("/tmp/")
)
