"""Unpacks and checks a pushed test for the local cluster, by what the machines use.

Usage: check_push.py unpack ZIP FOLDER | check_push.py check RELEASE
"""

import json
import os
import shutil
import sys
from pathlib import Path

from locust_cluster.common.settings import read_settings
from locust_cluster.service.downloads import unzip
from locust_cluster.service.import_check import ImportCheckError, check_import


def unpack(archive: Path, folder: Path) -> None:
    """Complete under its name, or not at all."""
    if folder.is_dir():
        return
    work = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    unzip(archive, work)
    work.rename(folder)


def check(release: Path) -> dict[str, object]:
    """Why the test cannot be loaded; empty when it can."""
    try:
        check_import(read_settings(os.environ), release)
    except ImportCheckError as error:
        return {"reason": str(error), "log": error.log}
    return {}


if __name__ == "__main__":
    if sys.argv[1] == "unpack":
        unpack(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        print(json.dumps(check(Path(sys.argv[2]))))
