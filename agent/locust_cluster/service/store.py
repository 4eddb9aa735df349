"""The store of a cluster: a bucket, or for a local cluster a folder with the same layout."""

import hashlib
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from locust_cluster.common.atomic_files import write_atomically
from locust_cluster.common.settings import ConfigurationError
from locust_cluster.service.aws_client import aws_errors, open_client


class StoreError(Exception):
    """The store did not do what it was asked: one sentence."""


class UnreachableError(StoreError):
    """The store did not answer: it would not answer for another object either."""


class MissingObjectError(StoreError):
    """There is no object of that name."""


class Store(Protocol):
    """Objects by name, e.g. `bundle/current.json`. Every method raises StoreError."""

    def get(self, key: str) -> bytes: ...

    def get_if_changed(self, key: str, tag: str | None) -> tuple[bytes, str] | None:
        """Content and its tag; None while the object is as it was when it had this tag."""
        ...

    def download(self, key: str, file: Path) -> None: ...

    def put(self, key: str, content: bytes) -> None: ...


class FolderStore:
    """A folder on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes:
        try:
            return (self._folder / key).read_bytes()
        except FileNotFoundError as error:
            raise MissingObjectError(f"there is no {key} in {self._folder}") from error
        except OSError as error:
            raise StoreError(f"cannot read {key} in {self._folder}: {error.strerror}") from error

    def get_if_changed(self, key: str, tag: str | None) -> tuple[bytes, str] | None:
        content = self.get(key)
        found = hashlib.sha256(content).hexdigest()
        return None if found == tag else (content, found)

    def download(self, key: str, file: Path) -> None:
        write_atomically(file, self.get(key))

    def put(self, key: str, content: bytes) -> None:
        try:
            write_atomically(self._folder / key, content)
        except OSError as error:
            raise StoreError(f"cannot write {key} in {self._folder}: {error.strerror}") from error


class S3Store:
    """A bucket, or a folder in one, with the credentials of the machine's role."""

    def __init__(self, bucket: str, region: str, folder: str = "") -> None:
        self._bucket = bucket
        self._folder = folder
        self._errors = aws_errors()
        try:
            self._client = open_client("s3", region)
        except self._errors as error:
            raise StoreError(f"cannot use bucket {bucket}: {error}") from error

    def get(self, key: str) -> bytes:
        try:
            content: bytes = self._client.get_object(**self._place(key))["Body"].read()
        except self._errors as error:
            raise self._explain(key, error) from error
        return content

    def get_if_changed(self, key: str, tag: str | None) -> tuple[bytes, str] | None:
        condition = {"IfNoneMatch": tag} if tag else {}
        try:
            found = self._client.get_object(**self._place(key), **condition)
            return found["Body"].read(), found["ETag"]
        except self._errors as error:
            if _code(error) in ("304", "NotModified"):
                return None
            raise self._explain(key, error) from error

    def download(self, key: str, file: Path) -> None:
        try:
            body = self._client.get_object(**self._place(key))["Body"]
            with file.open("wb") as out:
                for chunk in body.iter_chunks(1 << 20):
                    out.write(chunk)
        except self._errors as error:
            raise self._explain(key, error) from error

    def put(self, key: str, content: bytes) -> None:
        try:
            self._client.put_object(**self._place(key), Body=content)
        except self._errors as error:
            raise self._explain(key, error) from error

    def _place(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._folder + key}

    def _explain(self, key: str, error: Exception) -> StoreError:
        if _code(error) in ("NoSuchKey", "404"):
            return MissingObjectError(f"there is no {key} in bucket {self._bucket}")
        if _code(error) is None:
            return UnreachableError(f"cannot reach {key} in bucket {self._bucket}: {error}")
        return StoreError(f"bucket {self._bucket} refused {key}: {error}")


def _code(error: Exception) -> str | None:
    """What S3 answered; None when it did not. Time-outs have a `response` too, which is None."""
    answer = getattr(error, "response", None) or {}
    code: str | None = answer.get("Error", {}).get("Code")
    return code


def open_store(url: str, region: str) -> Store:
    """Open `s3://bucket`, `s3://bucket/folder/` or `file:///folder`.

    Raises ConfigurationError for any other address, StoreError when S3 cannot be used.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3" and parts.netloc:
        folder = parts.path.strip("/")
        return S3Store(parts.netloc, region, f"{folder}/" if folder else "")
    if parts.scheme == "file" and parts.path.startswith("/"):
        return FolderStore(Path(unquote(parts.path)))
    raise ConfigurationError(f"CLUSTER_STORE must be s3://bucket or file:///folder, got '{url}'")
