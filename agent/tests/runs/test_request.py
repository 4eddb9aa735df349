"""What a run may be asked to be: one sentence for the first thing wrong."""

from typing import Any

import pytest

from locust_cluster.common.run_id import RUN_ID, run_id
from locust_cluster.runs.duration import in_words, to_seconds
from locust_cluster.runs.request import parse_request
from locust_cluster.runs.request_error import RequestError

FULL = {
    "name": "checkout",
    "host": "https://shop.example.com",
    "user_count": 500,
    "spawn_rate": 50,
    "run_time": "1h30m",
    "warm_up": "30s",
    "user_classes": ["Shopper"],
    "tags": ["read"],
    "thresholds": ["p95 < 300ms", {"expression": "rps > 1", "abort": True, "grace": "20s"}],
    "fleets": {"eu": 10, "us": 0},
    "shares": {"eu": "66.67%", "workers": "33.33%"},
    "expect_workers": 4,
    "min_processes": 3,
    "wait_timeout": 60,
    "labels": {"commit": "4f2c1e"},
}


def test_reads_everything_and_its_own_document_again() -> None:
    request = parse_request(FULL)
    document = request.to_document()
    assert (document["run_time"], document["warm_up"], document["wait_timeout"]) == (5400, 30, 60)
    assert document["thresholds"] == [
        {"expression": "p95 < 300ms", "abort": False, "grace": 10},
        {"expression": "rps > 1", "abort": True, "grace": 20},
    ]
    assert parse_request(document) == request
    assert parse_request(parse_request({}).to_document()).wait_timeout == 120


def test_machines_of_fleets_get_longer_to_come() -> None:
    assert parse_request({"fleets": {"eu": 1}}).wait_timeout == 300
    assert parse_request({"fleets": {"eu": 1}, "wait_timeout": 120}).wait_timeout == 120
    assert parse_request({"fleets": {}}).wait_timeout == 120
    # What a master of an older version has asked for.
    older = {key: value for key, value in FULL.items() if key not in ("fleets", "min_processes")}
    assert (parse_request(older).fleets, parse_request(older).min_processes) == ({}, None)


def test_shares_that_are_left_out_are_the_clusters_and_none_are_none() -> None:
    assert parse_request({}).shares is None
    assert parse_request({"shares": {}}).shares == {}
    # A run of an older version, which a master takes over, spreads its users over processes.
    assert parse_request(parse_request({}).to_document()).shares == {}


@pytest.mark.parametrize(
    "shares",
    [{f"f{number}": "1%" for number in range(10_000)}, {"x" * 100_000: "50%"}],
    ids=["many", "long"],
)
def test_a_sentence_about_shares_is_as_long_as_people_read(shares: dict[str, str]) -> None:
    with pytest.raises(RequestError) as refused:
        parse_request({"shares": shares})
    assert len(str(refused.value)) < 500
    assert str(refused.value).startswith("'shares' must be 100% together, got ")


@pytest.mark.parametrize(
    ("shares", "field", "sentence"),
    [
        (
            {"eu": 60, "us": 40},
            "shares",
            "'shares' must be an object of percentages with up to two decimals, users by fleet, "
            """such as {"eu": "60%", "us": "40%"}, got {'eu': 60, 'us': 40}""",
        ),
        (
            {"eu": "60.125%"},
            "shares",
            "'shares' must be an object of percentages with up to two decimals, users by fleet, "
            """such as {"eu": "60%", "us": "40%"}, got {'eu': '60.125%'}""",
        ),
        (
            {"eu": "0%", "us": "100%"},
            "shares.eu",
            "'shares.eu' must be a percentage above 0 and up to 100 with at most two decimals, "
            "such as 60%, got '0%'",
        ),
        (
            {"eu": "60%", "us": "30%"},
            "shares",
            "'shares' must be 100% together, got 90% (eu 60%, us 30%)",
        ),
    ],
)
def test_shares_are_percentages_that_make_a_whole(
    shares: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(RequestError) as refused:
        parse_request({"shares": shares})
    assert (str(refused.value), refused.value.field) == (sentence, field)


def test_begins_with_at_most_as_many_processes_as_it_waits_for() -> None:
    assert parse_request({"min_processes": 4, "expect_workers": 4}).min_processes == 4
    with pytest.raises(RequestError) as refused:
        parse_request({"min_processes": 5, "expect_workers": 4})
    assert (str(refused.value), refused.value.field) == (
        "'min_processes' (5) must not be above 'expect_workers' (4)",
        "min_processes",
    )


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"user_cuont": 1}, "user_cuont", "'user_cuont' is not known: did you mean 'user_count'?"),
        ({"users": 1}, "users", "'users' is not known: did you mean 'user_count'?"),
        ({"runtime": 1}, "runtime", "'runtime' is not known: did you mean 'run_time'?"),
        ({"name": ""}, "name", "'name' must be a name of 1 to 60 characters, got ''"),
        ({"name": "a\nb"}, "name", "'name' must be a name of 1 to 60 characters, got 'a\\nb'"),
        (
            {"host": "a shop"},
            "host",
            "'host' must be an address without spaces, such as https://shop",
        ),
        ({"user_count": 0}, "user_count", "'user_count' must be a whole number from 1 to 10,000,0"),
        ({"user_count": True}, "user_count", "'user_count' must be a whole number from 1 to"),
        ({"user_count": "5"}, "user_count", "'user_count' must be a whole number from 1 to"),
        ({"spawn_rate": 0}, "spawn_rate", "'spawn_rate' must be a number above 0 and at most"),
        ({"spawn_rate": float("nan")}, "spawn_rate", "'spawn_rate' must be a number above 0"),
        ({"run_time": "5 minutes"}, "run_time", "'run_time' must be a duration such as 90, 90s, "),
        ({"run_time": 0}, "run_time", "'run_time' must be longer than 0: leave it out for a run "),
        ({"run_time": 10, "warm_up": 10}, "warm_up", "'warm_up' (10 s) must be shorter than 'run_"),
        ({"tags": "read"}, "tags", "'tags' must be a list of names, got 'read'"),
        (
            {"fleets": 10},
            "fleets",
            "'fleets' must be an object of whole numbers of 0 or more, mach",
        ),
        ({"fleets": {"eu": -1}}, "fleets", "'fleets' must be an object of whole numbers of 0 or"),
        ({"fleets": {"eu": 1.5}}, "fleets", "'fleets' must be an object of whole numbers of 0 or"),
        ({"fleets": {"eu": True}}, "fleets", "'fleets' must be an object of whole numbers of 0 or"),
        ({"min_processes": 0}, "min_processes", "'min_processes' must be a whole number from 1 to"),
        ({"labels": {"a": 1}}, "labels", "'labels' must be an object of up to 20 texts, got"),
        ({"thresholds": "p95 < 1s"}, "thresholds", "'thresholds' must be a list of up to 100 thr"),
        ({"thresholds": [{}]}, "thresholds[0]", "'thresholds[0]' must be a text or an object with"),
        (
            {"thresholds": [{"expression": "rps > 1", "abort": 1}]},
            "thresholds[0].abort",
            "'thresholds[0].abort' must be true or false, got 1",
        ),
        (
            {"thresholds": ["rps > 1", "p95 < 300"]},
            "thresholds[1]",
            "threshold 'p95 < 300', column 10: 300 has no unit: write 300ms or 300s",
        ),
    ],
)
def test_refuses(change: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(RequestError) as caught:
        parse_request({**FULL, **change})
    assert str(caught.value).startswith(message)
    assert caught.value.field == field


def test_a_long_threshold_is_cut() -> None:
    with pytest.raises(RequestError) as caught:
        parse_request({"thresholds": ["q" * 500_000]})
    sentence = f"threshold '{'q' * 119}…', column 500001: a comparison is missing"
    assert str(caught.value).startswith(sentence)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("body", [None, [], "run", 1])
def test_wants_an_object(body: object) -> None:
    with pytest.raises(RequestError, match=r"^the body must be a JSON object$"):
        parse_request(body)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), (90, 90), ("90s", 90), ("5m", 300), ("1h30m", 5400), ("1h1m1s", 3661), (0, 0)],
)
def test_durations_are_written_as_locust_writes_them(text: float | str, seconds: int) -> None:
    assert to_seconds(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "s", "5x", "-5", -5, 1.5, True, [], "721h", "5m 3s", "9" * 5_000, float("inf")]
)
@pytest.mark.parametrize("field", ["run_time", "warm_up", "wait_timeout", "grace"])
def test_other_durations_are_refused(field: str, text: object) -> None:
    asked = (
        {"thresholds": [{"expression": "rps > 1", "grace": text}]}
        if field == "grace"
        else {field: text}
    )
    place = "thresholds[0].grace" if field == "grace" else field
    with pytest.raises(RequestError) as caught:
        parse_request(asked)
    allowed = f"'{place}' must be a duration such as 90, 90s, 5m or 1h30m, at most 720h, got "
    assert str(caught.value).startswith(allowed)
    assert len(str(caught.value)) < len(allowed) + 150
    assert caught.value.field == place


def test_durations_in_words() -> None:
    assert [in_words(s) for s in (0, 45, 60, 61, 3600, 5400, 3661)] == [
        *("0s", "45s", "1m", "1m1s", "1h", "1h30m", "1h1m1s"),
    ]


@pytest.mark.parametrize(
    ("name", "attempt", "expected"),
    [
        (None, 1, "20261121-110432"),
        ("checkout", 1, "20261121-110432-checkout"),
        ("checkout", 2, "20261121-110432-checkout-2"),
        ("Größe: 5 / Été!", 1, "20261121-110432-groe-5-ete"),
        ("../../etc", 1, "20261121-110432-etc"),
        ("日本", 1, "20261121-110432"),
        ("x" * 60, 1, "20261121-110432-" + "x" * 40),
    ],
)
def test_run_ids_are_folder_names_that_sort_by_time(
    name: str | None, attempt: int, expected: str
) -> None:
    made = run_id(1795259072.9, name, attempt)
    assert made == expected
    assert RUN_ID.fullmatch(made)
