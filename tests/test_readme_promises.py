"""The papers keep pace with the code: every setting, command, option and target that they name exists."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from typer.main import get_command

import hearsay
from server.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def between(name: str) -> str:
    found = re.search(rf"<!-- {name}: begin.*?-->\n(.*?)<!-- {name}: end -->", README, re.DOTALL)
    assert found, f"README has no part {name}"
    return found[1]


def settings_rows() -> dict[str, str]:
    rows = re.findall(r"^\| `(HEARSAY_\w+)` \| (.*?) \| .+ \|$", between("settings"), re.MULTILINE)
    return dict(rows)


def settings_in_code() -> set[str]:
    words = {f"HEARSAY_{field.name.upper()}" for field in fields(Settings)}
    modules = [
        ROOT / "hearsay.py",
        *(p for f in ("graph", "loaders", "server") for p in (ROOT / f).rglob("*.py")),
    ]
    for path in modules:
        words |= set(re.findall(r"\bHEARSAY_[A-Z_0-9]*[A-Z0-9]\b", path.read_text(encoding="utf-8")))
    return words


def test_every_setting_is_in_the_table_and_no_other() -> None:
    assert settings_in_code() == set(settings_rows())


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_the_defaults_are_the_real_ones(name: str) -> None:
    shown = settings_rows()[f"HEARSAY_{name.upper()}"].strip("`")
    value = getattr(Settings(), name)
    assert shown == ("" if value is None else f"{value:g}" if isinstance(value, float) else str(value))


def test_every_command_is_in_the_table_with_its_options() -> None:
    commands = get_command(hearsay.app).commands  # type: ignore[attr-defined]
    rows = dict(re.findall(r"^\| `hearsay (\w+)(.*?)` \|", README, re.MULTILINE))
    assert set(rows) == set(commands)
    for name, words in rows.items():
        known = {option for parameter in commands[name].params for option in parameter.opts}
        assert set(re.findall(r"--\w+", words)) <= known, name


def test_every_make_target_named_exists() -> None:
    named = set(re.findall(r"`?make (\w+)", README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    assert {"run", "test"} <= named
    targets = set(re.findall(r"^(\w+):", MAKEFILE, re.MULTILINE))
    assert named <= targets


def test_every_link_to_a_file_leads_somewhere() -> None:
    for paper in sorted(ROOT.glob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", paper.read_text(encoding="utf-8")):
            assert (ROOT / link).exists(), f"{paper.name}: {link}"


def test_the_readme_opens_with_the_two_commands() -> None:
    opening = README[:1200]
    assert "make run" in opening
    assert "make test" in opening


def test_the_check_script_runs_the_readmes_test_command() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o100, "not executable"
    assert "make test" in script.read_text(encoding="utf-8")
