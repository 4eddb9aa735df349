"""Joins the cluster to Locust; called while Locust imports its locustfiles."""

import os

from locust_cluster.common.manifest import read_manifest
from locust_cluster.common.settings import read_settings
from locust_cluster.plugin import master, worker
from locust_cluster.plugin.user_test import startup_failure
from locust_cluster.plugin.user_test.conf_files import ConfPlaces, explain_refusals, ignore_reserved
from locust_cluster.plugin.workers import own_master


def install() -> None:
    """Add this process's listeners. Raises ConfigurationError, which ends Locust with exit 1."""
    settings = read_settings(os.environ)
    startup_failure.explain(settings)
    manifest = read_manifest(settings.release / "current.json")
    places = ConfPlaces()
    ignore_reserved(places)
    explain_refusals(settings, places)
    if settings.role == "master":
        master.install(settings, manifest)
    else:
        worker.install(settings, manifest)
        # Last, so that its word comes first on the connection.
        own_master.join_own_master_only(settings)
