"""The tutorials, command by command, and plugins by whoever has read the pages alone: with built
wheels in an environment that has nothing else."""

import os
import re
import shutil
import subprocess
import sys
import venv
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from massage_ins_bridge.demo.story_file import read_story

pytestmark = pytest.mark.slow  # a wheel, an environment and three runs of pytest
ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
#: What the tutorial installs, and what builds a plugin.
WANTED = ("massage-ins-bridge", "pytest", "hatchling", "editables")
HOST = "massage-ins-bridge"
#: What the environment is not to have of ours: settings, and what keeps Python from compiling once.
OTHERS = ("MIB_", "PYTEST_", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
#: One whole run of the plugin's tests, with the conformance suite in it, is enough here.
QUICK = {"pytest -q\nmassage-ins-bridge plugins": "massage-ins-bridge plugins"}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a process with the host's own wheel, and what it and pytest need."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder / "venv", symlinks=True)
    (site,) = (folder / "venv" / "lib").glob("python3.*/site-packages")
    for dist in needed():
        tops = {file.parts[0] for file in dist.files or ()} - {"..", "__pycache__"}
        for top in tops:
            (site / top).symlink_to(str(dist.locate_file(top)))
    command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    place = folder / "venv" / "bin"
    install = f"{uv()} pip install --quiet --offline --no-deps --python {place}/python"
    subprocess.run([*install.split(), str(wheel)], check=True)
    shim(place / "pytest", f"exec {place}/python -m pytest -p no:cacheprovider")
    shim(place / "pip", f"shift; exec {install} --no-build-isolation")
    ours = {k: v for k, v in os.environ.items() if not k.startswith(OTHERS)}
    return {**ours, "PATH": f"{place}:/usr/bin:/bin", "VIRTUAL_ENV": str(folder / "venv")}


@pytest.fixture(scope="module")
def larch(clean: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The payer with odd needs, installed from its wheel; its folder."""
    folder = tmp_path_factory.mktemp("larch") / "project"
    shutil.copytree(HERE / "odd_payer", folder)
    say(clean, folder, "pip install .")
    return folder


def say(env: dict[str, str], folder: Path, script: str) -> str:
    """What the commands say, standard error too; each has to work."""
    command = ["bash", "-euc", script]
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=400
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def needed() -> list[Distribution]:
    """What is wanted and all that it requires, but for the host itself."""
    found: dict[str, Distribution] = {}
    todo = [(name, frozenset[str]()) for name in WANTED]
    seen = set()
    while todo:
        name, extras = item = todo.pop()
        if item in seen:
            continue
        seen.add(item)
        try:
            dist = distribution(name)
        except PackageNotFoundError:
            continue  # for another system, or another Python
        found[dist.name] = dist
        for text in dist.requires or ():
            wanted = Requirement(text)
            if wanted.marker is None or any(
                wanted.marker.evaluate({"extra": extra}) for extra in extras or {""}
            ):
                todo.append((wanted.name, frozenset(wanted.extras)))
    return [dist for name, dist in found.items() if name != HOST]


def uv() -> str:
    found = shutil.which("uv", path=f"{BIN}:{os.environ['PATH']}")
    assert found is not None, "uv is in every environment of tox"
    return found


def shim(path: Path, command: str) -> None:
    path.write_text(f'#!/bin/sh\n{command} "$@"\n', encoding="utf-8")
    path.chmod(0o755)


def test_a_payer_in_ten_minutes(clean: dict[str, str], tmp_path: Path) -> None:
    page = (ROOT / "docs" / "tutorial-payer.md").read_text(encoding="utf-8")
    script = "".join(re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE))
    for often, once in QUICK.items():
        assert often in script
        script = script.replace(often, once)
    said = say(clean, tmp_path, script)
    assert "failed" not in said
    assert re.search(r"^evergreen\s.*\severgreen\s+ok$", said, re.MULTILINE), said
    assert "The week has 2 visits already. The plan pays for 2." in said
    assert said.count(" passed in ") == 2


def test_its_story_can_be_read(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "tutorial-payer.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^`story\.toml`:\n\n```toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    (tmp_path / "story.toml").write_text(text, encoding="utf-8")
    story, network = read_story(tmp_path / "story.toml")
    assert list(story.ends) == ["visit", "moved visit"]
    assert list(network) == ["evergreen"]


def blocks(page: str, word: str) -> dict[str, str]:
    """The files of a page, by the names before them."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    pattern = rf"^`([^`\n]+)`:\n\n```(?:{word})\n(.*?)^```$"
    return dict(re.findall(pattern, text, re.DOTALL | re.MULTILINE))


def test_a_connector_from_its_page(clean: dict[str, str], tmp_path: Path) -> None:
    for name, text in blocks("connectors/write-one.md", "toml|python").items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = say(
        clean,
        tmp_path,
        "pip install .\nmassage-ins-bridge check-plugin .\nmassage-ins-bridge plugins",
    )
    assert re.findall(r"^sundial: (\w+): \w", said, re.MULTILINE) == [
        *("cancel", "confirm", "fetch", "reject", "upcoming")
    ]
    assert re.search(r"^sundial\s.*\sok$", said, re.MULTILINE), said
    assert "failed" not in said


def test_a_payer_with_four_odd_needs(clean: dict[str, str], larch: Path) -> None:
    """It is checked, installed and played: what one visit costs refuses the next one."""
    say(clean, ROOT / "plugins", "pip install ./connector-calcom ./simulator-calcom")
    said = say(
        clean,
        larch,
        "massage-ins-bridge check-plugin .\nmassage-ins-bridge demo --once --story story.toml",
    )
    assert "failed" not in said
    assert "The story ended as it should, by what the platform saw." in said
    assert "Of 600 dollars a year 590.00 are used, and the visit costs 20.00." in said


def test_a_connector_that_can_only_cancel(
    clean: dict[str, str], larch: Path, tmp_path: Path
) -> None:
    """Its platform can be neither read nor asked to wait; the bridge cancels a booking there."""
    folder = tmp_path / "project"
    shutil.copytree(HERE / "cancel_only", folder)
    script = "pip install .\nmassage-ins-bridge check-plugin .\npython live.py"
    said = say(clean, folder, script)
    assert "tollgate: cancel: native" in said
    assert "b1 is cancelled: We cannot accept this booking on insurance." in said
