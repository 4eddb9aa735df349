"""Publishes small bundles and environments, as a deploy does."""

import hashlib
import io
import json
import tarfile
import zipfile

from locust_cluster.service.store import Store

ENVIRONMENT = "e" * 20


def name(number: int) -> str:
    return f"{number:020x}"


def manifest(
    bundle_name: str, environment: str = ENVIRONMENT, host: str | None = None, workers: int = 3
) -> bytes:
    document = {
        "schema": 1,
        "bundle": bundle_name,
        "environments": {"x86_64": environment},
        "python": "3.13",
        "locust": {"version": "2.47.0", "locustfile": "locustfile.py", "host": host, "args": []},
        "login": "none",
        "https": False,
        "expected": {"workers": workers},
    }
    return json.dumps(document).encode()


def environment_archive() -> bytes:
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w:gz") as archive:
        for path in ("package/__init__.py", "package/__pycache__/__init__.cpython-311.pyc"):
            content = b"NAME = 'package'\n"
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return memory.getvalue()


def bundle_files(number: int) -> list[tuple[str, int, bytes]]:
    """Path, mode and content."""
    text = f"# {number}".encode()
    return [
        ("agent/locust_cluster/__init__.py", 0o600, b""),
        ("test/locustfile.py", 0o600, text),
        ("test/run.sh", 0o755, text),
    ]


def bundle(number: int) -> str:
    """Name of a bundle, as lib/model/bundle.ts makes it."""
    content = hashlib.sha256()
    for path, mode, text in bundle_files(number):
        content.update(f'["{path}",{mode},{len(text)}]'.encode() + text)
    return content.hexdigest()[:20]


def bundle_archive(number: int) -> bytes:
    return archive_of(bundle_files(number))


def archive_of(files: list[tuple[str, int, bytes]]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for path, mode, text in files:
            entry = zipfile.ZipInfo(path)
            entry.external_attr = mode << 16
            archive.writestr(entry, text)
    return memory.getvalue()


def publish(store: Store, number: int, environment: str = ENVIRONMENT) -> None:
    store.put(f"env/{environment}.tar.gz", environment_archive())
    store.put(f"bundle/{bundle(number)}.zip", bundle_archive(number))
    store.put("bundle/current.json", manifest(bundle(number), environment))
