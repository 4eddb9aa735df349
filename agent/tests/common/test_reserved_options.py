"""Options that the cluster sets itself."""

import pytest

from locust_cluster.common.reserved_options import refuse_reserved
from locust_cluster.common.settings import ConfigurationError


@pytest.mark.parametrize("option", ["--headless", "--headl", "-f", "-P8090", "--web-port=1", "-l"])
def test_refuses_reserved_options(option: str) -> None:
    with pytest.raises(ConfigurationError, match="is set by the cluster itself"):
        refuse_reserved(["--tags", "x", option])


def test_admits_the_users_own_options() -> None:
    refuse_reserved(["-H", "http://x", "--tags", "headless", "--run-time", "5m", "--host=x", "-L"])
