"""A test of several locustfiles and folders, as Locust's `-f a.py,more` takes it."""

from collections.abc import Callable

from cluster import USERS, Cluster, ask
from runs_client import SHOP, Runs

FILES = {
    "locustfile.py": SHOP,
    "more/reader.py": "import helper\n" + USERS.replace("Idle", "Reader"),
    "more/deep/buyer.py": USERS.replace("Idle", "Buyer"),
    "more/_not_a_test.py": "1 / 0\n",
    "more/helper.py": "",
}


def test_loads_files_and_folders(make_cluster: Callable[..., Cluster]) -> None:
    cluster = make_cluster(files=FILES, locustfile="locustfile.py,more")
    cluster.start("master")
    cluster.start("worker")
    cluster.wait_for_workers(1)
    runs = Runs(cluster)
    run = runs.start(user_count=1, run_time="1s", user_classes=["Shopper"])
    assert runs.wait_for_end(run)["total"]["requests"] > 0
    assert known_classes(runs) == "Buyer, Reader, Shopper, Visitor"
    # Not the name of our own hooks, which Locust loads first.
    assert '"locustfile": "locustfile.py"' in ask(cluster.url + "/").body


def test_loads_the_folder_itself(make_cluster: Callable[..., Cluster]) -> None:
    cluster = make_cluster(files={"a.py": USERS, "b.py": SHOP}, locustfile=".")
    cluster.start("master")
    cluster.wait_for_page()
    assert known_classes(Runs(cluster)) == "Idle, Shopper, Visitor"


def known_classes(runs: Runs) -> str:
    """As the refusal of an unknown one names them, in alphabetical order."""
    reply = runs.ask("POST", "/cluster/runs", {"user_count": 1, "user_classes": ["?"]})
    names: str = reply.json()["error"]["message"].split("its user classes: ")[1]
    return ", ".join(sorted(names.split(", ")))
