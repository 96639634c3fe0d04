"""What stands in for an image that is no Python's."""

from pathlib import Path

import pytest

from samo.executors.images import Mapped, mapped_of, stand_in


@pytest.fixture
def path(tmp_path):
    """A PATH with a node 22.11.0, and a rustc that fails."""
    for name, script in {"node": "echo v22.11.0", "rustc": "exit 1"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    return str(tmp_path)


@pytest.mark.parametrize(
    ("image", "told"),
    [
        ("cimg/node:22.11", "this machine's node 22.11.0 stands in for it"),
        ("node", "this machine's node 22.11.0 stands in for it"),
        ("docker.io/library/node:22-slim", "this machine's node 22.11.0 stands in for it"),
        ("cimg/node:lts", "this machine's node 22.11.0 stands in for it"),
        ("cimg/node:20.1-browsers", "this machine's node 22.11.0, another one, stands in for it"),
        ("node:2", "this machine's node 22.11.0, another one, stands in for it"),
        ("cimg/go:1.22", "there is no go on this machine"),
        ("cimg/rust:1.80", "there is no rustc on this machine"),
        ("cimg/base:stable", "this machine's own programs stand in for it"),
        ("acme/node:22", "this machine's own programs stand in for it"),
    ],
)
def test_the_language_of_an_image_is_told_as_the_machine_has_it(image, told, path):
    assert stand_in(image, path, None) == f"image {image}: {told}"


@pytest.mark.parametrize(
    ("image", "entry"),
    [
        ("cimg/go:1.22", 0),
        ("cimg/go", 0),
        ("cimg/node:20.11", 1),
        ("cimg/node:22.1", None),
        ("registry.example:5000/team/build:7", 2),
        ("registry.example:5000/team/build@sha256:00", 2),
        ("cimg/golang:1.22", None),
    ],
)
def test_the_first_pattern_that_fits_with_or_without_the_tag_counts(image, entry):
    patterns = ("cimg/go", "cimg/node:20.*", "registry.example:5000/team/*")
    mapped = [Mapped(pattern=pattern, folder=None) for pattern in patterns]
    assert mapped_of(image, mapped) == (None if entry is None else mapped[entry])


def test_what_the_settings_name_is_told(tmp_path):
    folder = Mapped(pattern="x", folder=tmp_path)
    assert stand_in("x:1", "", folder) == (
        f"image x:1: {tmp_path} stands in for it, as the settings say"
    )
    machine = Mapped(pattern="x", folder=None)
    assert stand_in("x:1", "", machine) == (
        "image x:1: this machine stands in for it, as the settings say"
    )


def test_programs_are_in_the_folders_bin_or_in_itself(tmp_path):
    assert Mapped(pattern="x", folder=tmp_path).binaries == [tmp_path]
    (tmp_path / "bin").mkdir()
    assert Mapped(pattern="x", folder=tmp_path).binaries == [tmp_path / "bin"]
    assert Mapped(pattern="x", folder=None).binaries == []


def test_a_folder_of_the_settings_is_first_on_the_path_of_the_job(tmp_path):
    from samo.executors import ProcessExecutor
    from samo.pipeline.job import DockerExecutor, Image, Job, JobName
    from samo.pipeline.place import Place

    place = Place("config.yml", 1, 1)
    docker = DockerExecutor(images=(Image(image="cimg/python:3.12", place=place),), place=place)
    job = Job(name=JobName("a"), declared_name="a", executor=docker, place=place)
    images = (Mapped(pattern="cimg/python", folder=Path("/opt/mine")),)
    sandbox = ProcessExecutor({"PATH": "/usr/bin"}, images=images).open(job, tmp_path / "0", "M=1")
    path = sandbox.environment["PATH"].split(":")
    sandbox.close()
    assert path[1:] == ["/opt/mine", "/usr/bin"]
