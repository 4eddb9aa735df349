"""A certificate that no authority signed."""

import subprocess
from pathlib import Path


def make_certificate(folder: Path) -> dict[str, str]:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    name = ["-subj", "/CN=master.locust-cluster.internal"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*request, *name, *files], check=True, capture_output=True)
    return {"certificate": certificate.read_text(), "certificate_key": key.read_text()}
