"""Which images are a Python, and where their pip is kept."""

from pathlib import Path

import pytest

from samo.executors.python_image import cache_of, version_of


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("cimg/python:3.12", "3.12"),
        ("cimg/python:3.12.4", "3.12"),
        ("cimg/python:3.12-node", "3.12"),
        ("cimg/python:3.6-browsers", "3.6"),
        ("docker.io/cimg/python:3.11", "3.11"),
        ("circleci/python:3.7-rc-stretch", "3.7"),
        ("circleci/python:2.7-jessie", "2.7"),
        ("python:3.12-slim", "3.12"),
        ("python:3.14.0rc2-slim-bookworm", "3.14"),
        ("library/python:3.10", "3.10"),
        (f"python:3.10@sha256:{'0a' * 32}", "3.10"),
        ("python", ""),
        ("python:3", ""),
        ("python:latest", ""),
        ("cimg/base:2024.01", ""),
        ("cimg/node:20.1", ""),
        ("mycompany/python:3.12", ""),
        ("registry.example.com/cimg/python:3.12", ""),
        ("cimg/python:3.12 ", ""),
    ],
)
def test_the_python_images_of_circleci_and_docker_are_known(image, version):
    assert version_of(image) == version


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"HOME": "/home/me"}, "/home/me/.cache/samo/python"),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": "/cache"}, "/cache/samo/python"),
        ({"HOME": "/home/me", "SAMO_HOME": "/samo"}, "/samo/python"),
    ],
)
def test_what_all_jobs_share_lies_in_the_users_cache(environ, folder):
    assert cache_of(environ) == Path(folder)
