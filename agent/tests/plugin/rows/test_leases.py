from locust_cluster.plugin.rows.leases import RowLeases


def test_gives_each_row_once() -> None:
    leases = RowLeases(5)
    given = leases.take("a", 2) + leases.take("b", 2) + leases.take("a", 2)
    assert given == [0, 1, 2, 3, 4]
    assert leases.take("b", 1) == []


def test_gives_what_came_back_after_all_that_nobody_had() -> None:
    leases = RowLeases(4)
    leases.take("a", 2)
    leases.give_back("a", [0])
    assert leases.take("b", 3) == [2, 3, 0]


def test_takes_no_row_back_from_who_does_not_have_it() -> None:
    leases = RowLeases(2)
    leases.take("a", 1)
    leases.give_back("b", [0])
    leases.give_back("a", [1, 7])
    assert leases.take("b", 5) == [1]


def test_shares_the_rows_of_a_lost_process_anew() -> None:
    leases = RowLeases(3)
    leases.take("a", 2)
    leases.take("b", 1)
    leases.keep_only({"b"})
    assert leases.take("b", 5) == [0, 1]
