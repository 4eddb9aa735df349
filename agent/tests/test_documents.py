"""The types in common/documents are those of protocol/: run `npm run generate` when this fails."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from cluster import AGENT

PROFILES = tomllib.loads((AGENT / "pyproject.toml").read_text())["tool"]["datamodel-codegen"][
    "profiles"
]


@pytest.mark.parametrize("profile", PROFILES)
def test_types_are_generated(profile: str) -> None:
    # It formats with ruff, which it looks for in PATH.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "datamodel_code_generator", "--profile", profile, "--check"],
        cwd=AGENT,
        env={**os.environ, "PATH": path},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_document_has_a_generator() -> None:
    outputs = {AGENT / profile["output"] for profile in PROFILES.values()}
    folder = AGENT / "locust_cluster" / "common" / "documents"
    assert outputs == {file for file in folder.glob("*.py") if file.name != "__init__.py"}
