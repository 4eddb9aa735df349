"""master.json: whole, or refused."""

import json
from pathlib import Path

import pytest
from cluster import SECRET

from locust_cluster.common.secret import read_secret
from locust_cluster.common.settings import ConfigurationError


@pytest.mark.parametrize("name", ["username", "password", "token", "session_key"])
def test_refuses_an_incomplete_secret(tmp_path: Path, name: str) -> None:
    file = tmp_path / "master.json"
    file.write_text(json.dumps({**SECRET, name: ""}))
    with pytest.raises(ConfigurationError, match=f"'{name}' in .* is empty"):
        read_secret(file)
    file.write_text(json.dumps({k: v for k, v in SECRET.items() if k != name}))
    with pytest.raises(ConfigurationError, match=f"'{name}' is missing"):
        read_secret(file)
