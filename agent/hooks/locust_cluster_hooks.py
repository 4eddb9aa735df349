"""Loaded by Locust before the user's locustfile, on the master and on every worker.

Alone in its folder: Locust puts this folder on the import path, where a neighbour would shadow a
module of the same name in the user's test.
"""

from locust_cluster.plugin.install import install

install()
