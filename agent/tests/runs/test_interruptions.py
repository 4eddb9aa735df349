"""What a run says of machines that left it in order."""

from locust_cluster.runs.interruptions import MOST_LISTED, MOST_MARKS, Interruptions, Leaving

TIME = "2026-11-27T12:00:00.000Z"


def test_counts_a_machine_once_whatever_the_number_of_its_processes() -> None:
    run = Interruptions()
    leaving = Leaving("i-1", "eu-1", "eu", "spot", None)
    assert run.add(leaving, TIME, 12.5)
    assert not run.add(leaving, TIME, 13)
    assert run.to_document() == {
        "count": 1,
        "machines": [
            {
                "node": "eu-1",
                "instance_id": "i-1",
                "fleet": "eu",
                "cause": "spot",
                "time": TIME,
                "elapsed_s": 12.5,
                "ends": None,
            }
        ],
    }


def test_marks_the_timeline_once() -> None:
    run = Interruptions()
    run.add(Leaving("i-1", "eu-1", "eu", "spot", None), TIME, 1)
    run.add(Leaving("i-2", "w", "", "group", None), TIME, 1)
    assert run.new_marks() == ["spot: i-1, fleet eu, leaves", "Auto Scaling: i-2, leaves"]
    assert run.new_marks() == []


def test_a_row_has_no_more_marks_than_a_line_bears() -> None:
    run = Interruptions()
    for number in range(400):
        run.add(Leaving(f"i-{number}", "eu", "", "spot", None), TIME, 1)
    marks = run.new_marks()
    assert marks[MOST_MARKS - 1 :] == ["spot: i-19, leaves", "and 380 more"]
    assert run.new_marks() == []


def test_lists_no_more_than_a_document_bears() -> None:
    run = Interruptions()
    for number in range(MOST_LISTED + 5):
        run.add(Leaving(f"i-{number}", "eu", "eu", "spot", None), TIME, 1)
    document = run.to_document()
    assert (document["count"], len(document["machines"])) == (MOST_LISTED + 5, MOST_LISTED)
