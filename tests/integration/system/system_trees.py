"""Folders as values: write one out of a dictionary, read one back into it."""

import os
import stat


def write_tree(root, tree):
    """A str or bytes is a file, a dict a folder, a tuple (target,) a symbolic link."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in tree.items():
        path = root / name
        match content:
            case dict():
                write_tree(path, content)
            case (target,):
                path.symlink_to(target)
            case str():
                path.write_text(content)
            case bytes():
                path.write_bytes(content)
    return root


def read_tree(root):
    return {path.name: _read(path) for path in root.iterdir()}


def _read(path):
    if path.is_symlink():
        return (os.readlink(path),)  # noqa: PTH115 - the link's text, not a path made of it
    return read_tree(path) if path.is_dir() else path.read_bytes()


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def files(work_tree):
    """Return the content of a work tree without what is git's."""
    tree = read_tree(work_tree)
    del tree[".git"]
    return tree
