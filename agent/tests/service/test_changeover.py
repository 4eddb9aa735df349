"""What an update makes of a store's content."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from published import (
    ENVIRONMENT,
    archive_of,
    bundle,
    bundle_archive,
    bundle_files,
    manifest,
    name,
    publish,
)

from locust_cluster.common.settings import ConfigurationError
from locust_cluster.service.changeover import update
from locust_cluster.service.downloads import unzip
from locust_cluster.service.refusal import Refusal, Refusals
from locust_cluster.service.release import ReleaseRoot
from locust_cluster.service.store import FolderStore, StoreError


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


@pytest.fixture
def root(tmp_path: Path) -> ReleaseRoot:
    return ReleaseRoot(tmp_path / "opt")


def test_makes_the_layout_that_user_data_makes(store: FolderStore, root: ReleaseRoot) -> None:
    publish(store, 1)
    assert update(root, "x86_64", store)
    assert str(root.current.readlink()) == f"release/{bundle(1)}-{ENVIRONMENT}"
    links = {link: str((root.current / link).readlink()) for link in ("venv", "test", "agent")}
    assert links == {
        "venv": f"../../env/{ENVIRONMENT}",
        "test": f"../../bundle/{bundle(1)}/test",
        "agent": f"../../bundle/{bundle(1)}/agent",
    }
    for path in (root.current / "current.json", root.path / "current.json"):
        assert path.read_bytes() == manifest(bundle(1))
    python = root.current / "venv/bin/python"
    printed = subprocess.run(
        [python, "-c", "import package; print(package.NAME)"], capture_output=True, check=True
    )
    assert printed.stdout == b"package\n"


def test_keeps_modes_but_lets_everyone_read(store: FolderStore, root: ReleaseRoot) -> None:
    publish(store, 1)
    update(root, "x86_64", store)
    modes = {p.name: p.stat().st_mode & 0o777 for p in (root.current / "test").iterdir()}
    assert modes == {"locustfile.py": 0o644, "run.sh": 0o755}
    assert (root.current / "test").resolve().stat().st_mode & 0o777 == 0o755


def test_does_nothing_when_nothing_changed(store: FolderStore, root: ReleaseRoot) -> None:
    publish(store, 1)
    assert update(root, "x86_64", store)
    assert not update(root, "x86_64", store)


def test_takes_over_a_setting_without_a_new_bundle(store: FolderStore, root: ReleaseRoot) -> None:
    publish(store, 1)
    update(root, "x86_64", store)
    store.put("bundle/current.json", manifest(bundle(1), host="http://other.example"))
    assert update(root, "x86_64", store)
    assert b"other.example" in (root.current / "current.json").read_bytes()


def test_another_number_of_workers_is_noted_in_the_release_that_runs(
    store: FolderStore, root: ReleaseRoot
) -> None:
    publish(store, 1)
    update(root, "x86_64", store)
    release = root.current.resolve()
    store.put("bundle/current.json", manifest(bundle(1), workers=5))
    assert not update(root, "x86_64", store)
    assert root.current.resolve() == release
    for path in (root.current / "current.json", root.path / "current.json"):
        assert path.read_bytes() == manifest(bundle(1), workers=5)
    publish(store, 2)
    update(root, "x86_64", store)
    store.put("bundle/current.json", manifest(bundle(1), workers=7))
    assert update(root, "x86_64", store)
    assert root.current.resolve() == release
    assert (root.current / "current.json").read_bytes() == manifest(bundle(1), workers=7)


def test_files_are_on_the_disk_before_their_folder_has_its_name(
    store: FolderStore, root: ReleaseRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a power cut soon after a push leaves empty files in a folder that counts as complete."""
    synced: list[set[str]] = []

    def sync() -> None:
        content = root.path.glob("*/.*/content/*")
        synced.append({path.name for path in content if path.name in ("bin", "test")})
        assert [p for kind in ("env", "bundle") for p in root.path.glob(f"{kind}/[!.]*")] == (
            [root.path / "env" / ENVIRONMENT] if len(synced) == 2 else []
        )

    monkeypatch.setattr(os, "sync", sync)
    publish(store, 1)
    assert update(root, "x86_64", store)
    assert synced == [{"bin"}, {"test"}]


def test_a_fleets_size_is_noted_and_its_variables_are_followed(
    store: FolderStore, tmp_path: Path
) -> None:
    root = ReleaseRoot(tmp_path / "opt", "eu")
    publish(store, 1)
    update(root, "x86_64", store)
    for fleet, changes in ((fleet_of(size=3), False), (fleet_of(size=3, SHOP="de"), True)):
        document = {**json.loads(manifest(bundle(1))), "fleets": {"eu": fleet}}
        store.put("bundle/current.json", json.dumps(document).encode())
        assert update(root, "x86_64", store) is changes
        assert json.loads((root.current / "current.json").read_bytes()) == document


def fleet_of(size: int, **environment: str) -> dict[str, object]:
    fleet: dict[str, object] = {"region": "us-east-1", "size": size, "max": 5}
    return {**fleet, "idle": 600, "spot": True, "environment": environment}


def test_keeps_the_last_three_releases(store: FolderStore, root: ReleaseRoot) -> None:
    for number in range(1, 6):
        publish(store, number, environment=name(100 + number))
        update(root, "x86_64", store)
        os.utime(root.path / "release" / f"{bundle(number)}-{name(100 + number)}", (number, number))
    kept = {f"{bundle(n)}-{name(100 + n)}" for n in (3, 4, 5)}
    assert {p.name for p in (root.path / "release").iterdir()} == kept
    assert {p.name for p in (root.path / "bundle").iterdir()} == {bundle(n) for n in (3, 4, 5)}
    assert len(list((root.path / "env").iterdir())) == 3


@pytest.mark.parametrize(
    ("key", "content"),
    [
        ("bundle/current.json", b"{"),
        ("bundle/current.json", manifest("../../etc")),
        ("bundle/current.json", manifest(bundle(1), workers=-1)),
        (f"bundle/{bundle(2)}.zip", b"no archive"),
        (f"env/{name(7)}.tar.gz", b"no archive"),
    ],
)
def test_stays_where_it_is_when_something_is_broken(
    store: FolderStore, root: ReleaseRoot, key: str, content: bytes
) -> None:
    publish(store, 1)
    update(root, "x86_64", store)
    publish(store, 2, environment=name(7))
    store.put(key, content)
    with pytest.raises((StoreError, ConfigurationError)):
        update(root, "x86_64", store)
    assert (root.current / "test/locustfile.py").read_text() == "# 1"
    leftovers = [p for kind in ("env", "bundle") for p in (root.path / kind).glob(".*")]
    assert leftovers == []


def test_a_bundle_of_another_name_is_refused_and_not_fetched_again(
    store: FolderStore, root: ReleaseRoot, tmp_path: Path
) -> None:
    publish(store, 1)
    update(root, "x86_64", store)
    publish(store, 2)
    store.put(f"bundle/{bundle(2)}.zip", bundle_archive(3))
    refusals = Refusals(tmp_path, "")
    reason = (
        f"bundle/{bundle(2)}.zip holds something else than its name says: "
        "change the test and push it again"
    )
    with pytest.raises(StoreError) as raised:
        update(root, "x86_64", store, refusals=refusals)
    assert str(raised.value) == reason
    assert refusals.last == Refusal(bundle(2), reason, [])
    assert (root.current / "test/locustfile.py").read_text() == "# 1"
    assert [each.name for each in (root.path / "bundle").iterdir()] == [bundle(1)]
    assert not update(root, "x86_64", store, refusals=refusals)
    publish(store, 3)
    assert update(root, "x86_64", store, refusals=refusals)
    assert refusals.last is None


@pytest.mark.parametrize(
    ("path", "mode", "text"),
    [
        ("test/locustfile.py", 0o644, b"# 1"),
        ("test/locustfile.py", 0o600, b"# 2"),
        ("test/other.py", 0o600, b"# 1"),
        ("test/folder/", 0o755, b""),
    ],
)
def test_a_bundle_has_another_name_with_another_path_mode_or_byte(
    tmp_path: Path, path: str, mode: int, text: bytes
) -> None:
    files = [each for each in bundle_files(1) if each[0] != "test/locustfile.py"]
    archive = tmp_path / "archive"
    archive.write_bytes(archive_of([*files[:1], ("test/locustfile.py", 0o600, b"# 1"), files[1]]))
    assert unzip(archive, tmp_path / "same") == bundle(1)
    archive.write_bytes(archive_of([*files[:1], (path, mode, text), files[1]]))
    assert unzip(archive, tmp_path / "other") != bundle(1)


def test_names_an_architecture_that_is_not_there(store: FolderStore, root: ReleaseRoot) -> None:
    publish(store, 1)
    with pytest.raises(ConfigurationError, match="no environment for arm64"):
        update(root, "arm64", store)
