"""Unpacked orbs: places in their files, and hostile folders; the rules are conformance cases."""

import pytest

from samo.config import compile_pipeline
from samo.config.document import MapNode, Source
from samo.orbs.local_orb import read_local
from samo.orbs.pack import pack
from samo.pipeline.problem import ConfigError

CONFIG = (
    "version: 2.1\norbs: {o: ns/o@1.0.0}\n"
    "jobs: {build: {docker: [{image: busybox}], steps: [o/c]}}\n"
)


def lay(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def problems(root):
    with pytest.raises(ConfigError) as caught:
        pack(root)
    return str(caught.value).replace(f"{root}/", "").replace(str(root), "ORB").splitlines()


def keys(node):
    return {each.key: keys(each.node) for each in node} if isinstance(node, MapNode) else node.text


def test_the_tree_is_that_of_all_files(tmp_path):
    root = lay(
        tmp_path,
        {"@orb.yml": "version: 2.1", "commands/a.yml": "{steps: x}", "jobs/b/c.yml": "{k: v}"},
    )
    orb = pack(root)

    assert keys(orb.root) == {
        "version": "2.1",
        "commands": {"a": {"steps": "x"}},
        "jobs": {"c": {"k": "v"}},
    }
    assert [path.replace(f"{root}/", "") for path in orb.files] == [
        "@orb.yml",
        "commands/a.yml",
        "jobs/b/c.yml",
    ]


def test_an_error_at_compile_time_points_into_the_very_file(tmp_path):
    root = lay(
        tmp_path,
        {
            "@orb.yml": "version: 2.1\n",
            "commands/a.yml": "# one line more\nsteps: [checkout]\n",
            "commands/c.yml": "steps:\n  - run: |\n      true\n      << parameters.x >>\n",
        },
    )
    with pytest.raises(ConfigError) as caught:
        compile_pipeline(
            Source(path="c.yml", text=CONFIG), values={}, orbs={"ns/o@1.0.0": pack(root)}
        )

    assert str(caught.value).replace(f"{root}/", "") == (
        "commands/c.yml:4:7: error: parameter 'x' is not declared here (declare it under"
        " 'parameters'; in job 'build', command 'o/c'; used by the orb 'ns/o@1.0.0' at c.yml:2:11)"
    )


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    lines = problems(
        lay(
            tmp_path,
            {
                "commands/a.yml": "[x]",
                "commands/b.yml": "{k: 1, k: 2}",
                "jobs/c.yml": "{x: <<include(none)>>}",
            },
        )
    )

    assert lines == [
        (
            "commands/a.yml:1:1: error: 'commands/a.yml' must hold a mapping, found a list"
            " (write 'KEY: VALUE')"
        ),
        (
            "commands/b.yml:1:8: error: duplicate key 'k', first given on line 1"
            " (remove or rename one of them)"
        ),
        "jobs/c.yml:1:5: error: there is no file 'none'",
    ]


def test_the_files_of_a_collision_are_both_named(tmp_path):
    root = lay(tmp_path, {"@orb.yml": "commands: {a: {}}", "commands/a.yml": "{}"})

    [line] = problems(root)

    assert line == (
        "commands/a.yml:1:1: error: '@orb.yml' and 'commands/a.yml' both define 'a'"
        " (files that are packed into one section need names of their own)"
    )


@pytest.mark.parametrize("files", [{}, {"README.md": "# An orb"}, {".orb.yml": "version: 2.1"}])
def test_a_folder_without_yaml_is_no_orb(tmp_path, files):
    assert problems(lay(tmp_path, files)) == [
        "error: the folder 'ORB' holds no orb (an orb begins with '@orb.yml')"
    ]


def test_an_empty_file_is_an_empty_entry(tmp_path):
    assert keys(pack(lay(tmp_path, {"commands/a.yml": "# nothing yet\n"})).root) == {
        "commands": {"a": {}}
    }


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    outside = lay(tmp_path / "outside", {"secret.yml": "token: x", "secret.sh": "x"})
    root = lay(tmp_path / "orb", {"jobs/a.yml": "{x: <<include(in.sh)>>}"})
    (root / "in.sh").symlink_to(outside / "secret.sh")
    (root / "more").symlink_to(outside)

    assert problems(root) == [
        "jobs/a.yml:1:5: error: 'in.sh' lies outside of the orb's folder 'ORB'"
    ]
    (root / "stolen.yml").symlink_to(outside / "secret.yml")
    assert problems(root) == ["error: 'stolen.yml' lies outside of the orb's folder 'ORB'"]


def test_a_link_within_the_folder_is_followed(tmp_path):
    root = lay(tmp_path, {"commands/a.yml": "{k: v}"})
    (root / "commands" / "b.yml").symlink_to("a.yml")

    assert keys(pack(root).root) == {"commands": {"a": {"k": "v"}, "b": {"k": "v"}}}


def test_folders_that_are_too_deep_are_refused(tmp_path):
    deep = "/".join("d" * 30)
    [line] = problems(lay(tmp_path, {f"commands/{deep}/a.yml": "{}"}))

    assert line.startswith("error: 'commands/d/")
    assert line.endswith("lies more than 20 folders deep")


def test_a_file_that_is_too_large_is_refused(tmp_path):
    assert problems(lay(tmp_path, {"orb.yml": "#" * 3_000_001})) == [
        "error: 'orb.yml' has more than 3,000,000 bytes"
    ]


def test_includes_cannot_multiply_without_end(tmp_path):
    steps = "".join("- <<include(big)>>\n" for _ in range(15))
    root = lay(tmp_path, {"commands/a.yml": f"steps:\n{steps}", "big": "#" * 2_500_000})

    assert "includes make the orb grow by more than 30,000,000 characters" in problems(root)[0]


def test_what_is_included_must_be_text(tmp_path):
    root = lay(tmp_path, {"jobs/a.yml": "{x: <<include(b)>>}"})
    (root / "b").write_bytes(b"\xff")

    assert problems(root) == ["jobs/a.yml:1:5: error: the included 'b' is no UTF-8"]


def test_a_link_that_goes_round_in_a_circle_is_no_file(tmp_path):
    root = lay(tmp_path, {"jobs/a.yml": "{x: <<include(in.sh)>>}"})
    (root / "in.sh").symlink_to("in.sh")

    assert problems(root) == ["jobs/a.yml:1:5: error: there is no file 'in.sh'"]


def test_an_included_name_that_no_file_can_have_is_a_problem(tmp_path):
    name = "n" * 256
    root = lay(tmp_path, {"jobs/a.yml": f"{{x: <<include({name})>>}}"})

    [line] = problems(root)

    # Messages end where they become too long.
    assert line.startswith(f"jobs/a.yml:1:5: error: '{name}' cannot be read: File")


def test_aliases_do_not_blow_up_while_a_folder_is_read(tmp_path):
    levels = "".join(f"  l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 8)}]\n" for n in range(1, 6))
    root = lay(tmp_path, {"commands/a.yml": f"x:\n  l0: &l0 << p >>\n{levels}"})

    assert pack(root).root.size > 30_000


def test_a_single_file_is_a_packed_orb(tmp_path):
    orb = read_local(lay(tmp_path, {"o.yml": "commands: {c: {steps: x}}"}) / "o.yml")

    assert keys(orb.root) == {"commands": {"c": {"steps": "x"}}}


def test_a_path_at_which_nothing_lies_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="nothing lies at"):
        read_local(tmp_path / "none")


def test_a_path_that_no_file_can_have_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read: File"):
        read_local(tmp_path / ("n" * 256))
