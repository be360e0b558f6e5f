"""The files for running a server name what there is: settings, options, addresses; and they give it little."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import RawConfigParser
from dataclasses import fields
from pathlib import Path

import pytest
from typer.main import get_command

import hearsay
from server.app import create_app
from server.settings import Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "server" / "deploy"
UNIT = DEPLOY / "hearsay.service"
CONTAINER = DEPLOY / "Containerfile"
PAPER = DEPLOY / "README.md"


def service() -> dict[str, str]:
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # the way to keep case
    parser.read_string(UNIT.read_text(encoding="utf-8"))
    return dict(parser["Service"])


@pytest.mark.parametrize("path", [UNIT, CONTAINER, PAPER], ids=lambda path: path.name)
def test_every_setting_named_exists(path: Path) -> None:
    named = set(re.findall(r"HEARSAY_[A-Z_0-9]*[A-Z0-9]", path.read_text(encoding="utf-8")))
    assert named
    assert named <= {f"HEARSAY_{field.name.upper()}" for field in fields(Settings)}


@pytest.mark.parametrize("path", [UNIT, CONTAINER, PAPER], ids=lambda path: path.name)
def test_every_command_and_option_exists(path: Path) -> None:
    commands = get_command(hearsay.app).commands  # type: ignore[attr-defined]
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    text = re.sub(r'CMD \["serve"(.*)\]', lambda found: "hearsay serve " + found[1].replace('"', " "), text)
    calls = re.findall(r"hearsay (serve|load)\b([^\n`]*)", text)
    assert calls
    for name, words in calls:
        known = {option for parameter in commands[name].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z]+", words)) <= known, words


def test_every_address_named_is_answered() -> None:
    text = PAPER.read_text(encoding="utf-8") + CONTAINER.read_text(encoding="utf-8")
    paths = set(re.findall(r"(?:`|:8000)(/(?:health|metrics)[a-z/]*)", text))
    assert {"/health", "/health/live", "/health/ready", "/metrics"} <= paths
    assert paths <= set(create_app(Settings()).openapi()["paths"])


def test_every_figure_is_explained_and_no_other() -> None:
    text = PAPER.read_text(encoding="utf-8")
    explained = {name.removesuffix("_total") for name in re.findall(r"`(hearsay_[a-z_]+)", text)}
    source = (ROOT / "server" / "metrics.py").read_text(encoding="utf-8")
    counted = set(re.findall(r'"(hearsay_[a-z_]+)"', source)) - {"hearsay_snapshot"} | {
        "hearsay_snapshot_info"
    }
    assert explained == counted


def test_the_unit_lets_answers_finish() -> None:
    unit = service()
    assert unit["KillMode"] == "mixed", "workers are ended by the server, not with it"
    told = re.search(r"HEARSAY_STOP_TIMEOUT_S=(\d+)", unit["Environment"])
    assert told
    assert float(unit["TimeoutStopSec"]) > float(told[1])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DynamicUser", "yes"),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("CapabilityBoundingSet", ""),
        ("PrivateTmp", "yes"),
        ("PrivateDevices", "yes"),
        ("IPAddressDeny", "any"),
        ("RestrictNamespaces", "user net"),
        ("LimitCORE", "0"),
    ],
)
def test_the_unit_gives_no_more_than_is_needed(name: str, value: str) -> None:
    assert service()[name] == value


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not on this machine")
    unit = tmp_path / UNIT.name
    # The program is not installed where the unit names it.
    unit.write_text(
        re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text(encoding="utf-8")),
        encoding="utf-8",
    )
    found = subprocess.run(
        [analyze, "verify", str(unit)], capture_output=True, text=True, timeout=60, check=False
    )
    ours = [line for line in (found.stdout + found.stderr).splitlines() if UNIT.name in line]
    assert not ours


def test_the_image_takes_what_there_is_and_runs_as_nobody() -> None:
    text = CONTAINER.read_text(encoding="utf-8").replace("\\\n", " ")
    copied = [word for line in re.findall(r"(?m)^COPY (?!--)(.+) \S+$", text) for word in line.split()]
    assert {"graph", "server", "ontology", "loaders", "hearsay.py", "pyproject.toml"} <= set(copied)
    for name in copied:
        assert (ROOT / name).exists(), name
    last = text.rpartition("\nFROM ")[2]
    (user,) = re.findall(r"(?m)^USER (\d+):\d+$", last)
    assert int(user) > 0
    assert re.search(r"(?m)^HEALTHCHECK ", last)
    assert "STOPSIGNAL SIGTERM" in last
