"""What may stand in `shares`."""

import pytest

from locust_cluster.common.shares import ShareError, read_shares


def test_reads_whole_and_decimal_percentages() -> None:
    assert read_shares({"eu": "60%", "us": "40%"}) == {"eu": 6000, "us": 4000}
    thirds = {"eu": "33.33%", "us": "33.3%", "workers": "33.37%"}
    assert read_shares(thirds) == {"eu": 3333, "us": 3330, "workers": 3337}
    assert read_shares({"eu": "100%"}) == {"eu": 10000}
    assert read_shares({}) == {}


@pytest.mark.parametrize("text", ["0%", "0.00%", "100.01%", "101%", "60", "0.6", "-1%", "1.234%"])
def test_each_is_a_percentage_above_0(text: str) -> None:
    with pytest.raises(ShareError) as caught:
        read_shares({"eu": text, "us": "40%"})
    assert caught.value.name == "eu"
    assert str(caught.value) == (
        "must be a percentage above 0 and up to 100 with at most two decimals, such as 60%, "
        f"got '{text}'"
    )


@pytest.mark.parametrize(("us", "total"), [("39.99%", "99.99%"), ("40.5%", "100.5%")])
def test_all_are_100_percent_together(us: str, total: str) -> None:
    with pytest.raises(ShareError) as caught:
        read_shares({"eu": "60%", "us": us})
    assert caught.value.name is None
    assert str(caught.value) == f"must be 100% together, got {total} (eu 60%, us {us})"
