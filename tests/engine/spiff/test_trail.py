"""Cases sent back, signed together, and moved: no join may wait for ever, and nothing may happen twice."""

from __future__ import annotations

import pytest

from processes import clock
from processes.engine.spiff import trail
from processes.engine.spiff.moving_tokens import move, places
from processes.errors import Conflict, Invalid
from tests.engine.spiff.drawn import (
    House,
    Keeper,
    begin,
    boundary,
    chain,
    do,
    drawn,
    flow,
    multi,
    names,
    node,
    timer,
    user,
)
from tests.engine.test_work import properties

START, END = node("startEvent", "s"), node("endEvent", "e")
ROW = drawn(START + user("a") + user("b") + user("c") + END + chain("s", "a", "b", "c", "e"))
SPLIT = drawn(
    START + user("a") + node("parallelGateway", "f") + user("b1") + user("b2") + user("c1")
    + node("parallelGateway", "j") + user("d") + END
    + chain("s", "a", "f", "b1", "b2", "j", "d", "e") + chain("f", "c1", "j")
)  # fmt: skip


def opened(run, name):
    return next(each for each in run.open_tasks() if each.element_id == name).id


def back(run, name, to, keeper):
    """Send the open task of one element back to another element, with a save and load before and after."""
    run = keeper.reload(run)
    visit = next(each for each in trail.earlier_visits(run, opened(run, name)) if each.element_id == to)
    trail.send_back(run, visit.task_id, "returned")
    run.advance()
    return keeper.reload(run)


def targets(run, name):
    return [each.element_id for each in trail.earlier_visits(run, opened(run, name))]


def finish(run, keeper):
    """Do whatever is open until nothing is; the elements in the order in which they were done."""
    told = []
    while run.open_tasks():
        told.append(run.open_tasks()[0].element_id)
        do(run, told[-1])
        run = keeper.reload(run)
    assert run.status == "completed"
    return told


def test_a_case_goes_back_to_any_earlier_step_and_through_all_again():
    keeper = Keeper(ROW)
    run = begin(ROW)
    do(run, "a", x=1)
    do(run, "b", x=2)
    assert targets(run, "c") == ["b", "a"]
    run = back(run, "c", "a", keeper)
    assert names(run) == ["a"]
    assert run.open_tasks()[0].data["x"] == 2
    assert finish(run, keeper) == ["a", "b", "c"]


def test_the_first_step_has_nothing_before_it():
    assert targets(begin(ROW), "a") == []


def test_what_was_undone_is_no_step_to_go_back_to_any_more():
    keeper = Keeper(ROW)
    run = begin(ROW)
    do(run, "a")
    do(run, "b")
    run = back(run, "c", "a", keeper)
    do(run, "a")
    assert targets(run, "b") == ["a"]


def test_in_a_branch_a_case_goes_back_within_the_branch_and_the_other_goes_on():
    keeper = Keeper(SPLIT)
    run = begin(SPLIT)
    do(run, "a")
    do(run, "b1")
    run = back(run, "b2", "b1", keeper)
    assert sorted(names(run)) == ["b1", "c1"]
    assert finish(run, keeper) == ["c1", "b1", "b2", "d"]


def test_back_to_before_the_split_takes_the_whole_split_along():
    keeper = Keeper(SPLIT)
    run = begin(SPLIT)
    do(run, "a")
    visit = next(each for each in trail.earlier_visits(run, opened(run, "b1")))
    assert (visit.element_id, visit.withdrawn) == ("a", (opened(run, "c1"),))
    run = back(run, "b1", "a", keeper)
    assert names(run) == ["a"]
    assert finish(run, keeper) == ["a", "b1", "c1", "b2", "d"]


@pytest.mark.parametrize("order", [("b1", "b2", "c1"), ("c1", "b1", "b2")])
@pytest.mark.parametrize(("to", "again"), [("b1", ["b1", "b2", "d"]), ("b2", ["b2", "d"]), ("c1", ["c1", "d"])])
def test_back_into_one_branch_behind_the_join_does_not_lose_the_other(order, to, again):
    keeper = Keeper(SPLIT)
    run = begin(SPLIT)
    for each in ("a", *order):
        do(run, each)
    assert sorted(targets(run, "d")) == ["a", "b1", "b2", "c1"]
    run = back(run, "d", to, keeper)
    assert names(run) == [to]
    for each in again[:-1]:
        do(run, each)
    run = back(run, "d", to, keeper)  # and once more: the join must fire again
    assert finish(run, keeper) == again


def test_back_into_one_branch_and_then_into_the_other_and_then_before_both():
    keeper = Keeper(SPLIT)
    run = begin(SPLIT)
    for each in ("a", "b1", "b2", "c1"):
        do(run, each)
    run = back(run, "d", "b2", keeper)
    do(run, "b2")
    run = back(run, "d", "c1", keeper)
    do(run, "c1")
    run = back(run, "d", "b1", keeper)
    do(run, "b1")
    run = back(run, "b2", "a", keeper)
    assert names(run) == ["a"]
    assert finish(run, keeper) == ["a", "b1", "c1", "b2", "d"]


def test_from_inside_a_sub_process_back_to_before_it_and_from_behind_it_to_its_beginning():
    inner = node("startEvent", "s2") + user("x") + user("y") + node("endEvent", "e2") + chain("s2", "x", "y", "e2")
    program = drawn(
        START + user("a") + node("subProcess", "sub", inner) + user("z") + END + chain("s", "a", "sub", "z", "e")
    )
    keeper = Keeper(program)
    run = begin(program)
    do(run, "a")
    do(run, "x")
    assert targets(run, "y") == ["x", "a"]
    run = back(run, "y", "a", keeper)
    for each in ("a", "x", "y"):
        do(run, each)
    run = keeper.reload(run)
    assert targets(run, "z") == ["sub", "a"]
    run = back(run, "z", "sub", keeper)
    assert finish(run, keeper) == ["x", "y", "z"]


def test_from_inside_many_instances_back_to_before_them_and_all_are_asked_again():
    program = drawn(START + user("a") + user("u", multi("units")) + user("z") + END + chain("s", "a", "u", "z", "e"))
    keeper = Keeper(program)
    run = begin(program, units={"x": 1, "y": 2, "z": 3})
    do(run, "a")
    do(run, "u", "x", answer="ok")
    run = keeper.reload(run)
    (visit,) = trail.earlier_visits(run, opened(run, "u"))
    assert len(visit.withdrawn) == 1
    run = back(run, "u", "a", keeper)
    do(run, "a")
    run = keeper.reload(run)
    assert len(run.open_tasks()) == 3
    for key in "xyz":
        do(run, "u", key, answer=key)
        run = keeper.reload(run)
    run = back(run, "z", "u", keeper)
    assert names(run) == ["u", "u", "u"]
    assert finish(run, keeper) == ["u", "u", "u", "z"]


def test_a_timer_runs_anew_when_its_step_is_done_again():
    body = START + user("a") + user("b") + boundary("t", "b", timer("timeDuration", "P1D"), False) + user("r") + END
    program = drawn(body + chain("s", "a", "b", "e") + flow("t", "r") + node("endEvent", "e2") + flow("r", "e2"))
    keeper = Keeper(program)
    now = clock.MovableClock(clock.now())
    with clock.running_on(now):
        run = begin(program)
        do(run, "a")
        first = run.timers()[0].due
        now.move_to(first)
        run.fire_timers(first)
        assert names(run) == ["b", "r"]
        run = back(run, "b", "a", keeper)
        assert (names(run), run.timers()) == (["a"], [])
        do(run, "a")
        assert run.timers()[0].due > first


def test_behind_an_interrupting_event_the_interrupted_step_is_the_one_before():
    body = START + user("a") + user("b") + boundary("t", "b", timer("timeDuration", "P1D")) + user("r") + END
    program = drawn(body + chain("s", "a", "b", "e") + flow("t", "r") + node("endEvent", "e2") + flow("r", "e2"))
    keeper = Keeper(program)
    now = clock.MovableClock(clock.now())
    with clock.running_on(now):
        run = begin(program)
        do(run, "a")
        now.move_to(run.timers()[0].due)
        run.fire_timers(clock.now())
        assert targets(run, "r") == ["b", "a"]
        run = back(run, "r", "b", keeper)
        assert finish(run, keeper) == ["b"]


def test_what_acts_by_itself_in_between_is_named_before_it_acts_again():
    program = drawn(START + user("a") + node("serviceTask", "op", properties(operation="x")) + user("b") + END
                    + chain("s", "a", "op", "b", "e"))  # fmt: skip
    keeper, house = Keeper(program), House()
    keeper.house = house
    run = begin(program, house)
    do(run, "a")
    assert trail.earlier_visits(run, opened(run, "b"))[0].repeated == ("op",)
    run = back(run, "b", "a", keeper)
    do(run, "a")
    assert house.called == ["op", "op"]


def test_what_an_earlier_step_says_now_is_known_to_all_that_came_of_it():
    keeper = Keeper(SPLIT)
    run = begin(SPLIT)
    do(run, "a", text="first")
    run = keeper.reload(run)
    visit = trail.earlier_visits(run, opened(run, "b1"))[0]
    trail.amend(run, visit.task_id, {"text": "second"})
    run = keeper.reload(run)
    assert {each.data["text"] for each in run.open_tasks()} == {"second"}


# signing


class Office(House):
    def __init__(self, *signers):
        super().__init__()
        self.people = signers

    def signers(self, element, data):
        return self.people


def signed(**given):
    return drawn(START + user("u", properties(**given)) + user("z") + END + chain("s", "u", "z", "e"))


def sign(run, keeper, signer, opinion="同意"):
    do(run, "u", signer, opinion=opinion)
    return keeper.reload(run)


def asked(count=3, **given):
    program = signed(**given)
    house = Office(*"abcdefg"[:count])
    keeper = Keeper(program, house)
    return keeper.reload(begin(program, house)), keeper


def outcome(run):
    (task,) = run.open_tasks()
    assert task.element_id == "z"
    return task.data["passed"], task.data["agreed"], task.data["signed"]


def test_all_sign_and_it_has_passed_when_nobody_is_against_it():
    run, keeper = asked(sign="all")
    assert [each.data["signer"] for each in run.open_tasks()] == ["a", "b", "c"]
    for each in "cab":
        run = sign(run, keeper, each)
    assert outcome(run) == (True, 3, 3)


def test_all_are_heard_though_one_is_against_it():
    run, keeper = asked(sign="all")
    run = sign(run, keeper, "a", "不同意")
    assert names(run) == ["u", "u"]
    run = sign(sign(run, keeper, "b"), keeper, "c")
    assert outcome(run) == (False, 2, 3)


@pytest.mark.parametrize(
    ("count", "rule", "answers", "result"),
    [
        (3, "2/3", "yy", (True, 2, 2)),
        (3, "2/3", "nyy", (True, 2, 3)),
        (3, "2/3", "nn", (False, 0, 2)),
        (4, "2/3", "yyy", (True, 3, 3)),
        (4, "2/3", "nn", (False, 0, 2)),
        (5, "60%", "yyy", (True, 3, 3)),
        (5, "2", "nnny" + "n", (False, 1, 5)),
        (3, "9", "yyy", (True, 3, 3)),
        (1, "1/2", "y", (True, 1, 1)),
    ],
)
def test_a_share_decides_as_soon_as_it_is_reached_or_out_of_reach(count, rule, answers, result):
    run, keeper = asked(count, **{"sign": "all", "pass": rule})
    for signer, answer in zip("abcdefg", answers, strict=False):
        run = sign(run, keeper, signer, "同意" if answer == "y" else "不同意")
    assert outcome(run) == result


def test_the_first_answer_ends_the_tasks_of_the_others_and_says_why():
    run, keeper = asked(sign="any")
    do(run, "u", "b", opinion="不同意")
    assert [each.why for each in run.changes() if each.kind == "cancelled"] == ["answered", "answered"]
    assert outcome(keeper.reload(run)) == (False, 0, 1)


def test_in_turn_one_signs_after_the_other_and_a_share_ends_it_early():
    run, keeper = asked(**{"sign": "sequence", "pass": "2/3"})
    for each in "ab":
        assert [task.data["signer"] for task in run.open_tasks()] == [each]
        run = sign(run, keeper, each)
    assert outcome(run) == (True, 2, 2)


def test_without_one_signer_the_rule_is_judged_again():
    run, keeper = asked(**{"sign": "all", "pass": "1/1"})
    run = sign(sign(run, keeper, "a"), keeper, "b")
    trail.remove_signer(run, opened(run, "u"))
    run.advance()
    assert outcome(keeper.reload(run)) == (True, 2, 2)


def test_the_last_signer_cannot_be_removed():
    run, _keeper = asked(1, sign="all")
    with pytest.raises(Conflict):
        trail.remove_signer(run, opened(run, "u"))


@pytest.mark.parametrize("rule", ["all", "sequence"])
def test_a_signature_taken_back_counts_once_when_it_is_given_again(rule):
    run, keeper = asked(**{"sign": rule, "pass": "3"})
    task = run.open_tasks()[0].id
    run = sign(run, keeper, "a", "不同意") if rule == "all" else sign(run, keeper, "a")
    if rule == "all":
        assert outcome(run) == (False, 0, 1)
        return
    trail.take_back_signature(run, task)
    run = keeper.reload(run)
    assert [each.data["signer"] for each in run.open_tasks()] == ["a"]
    for each in "abc":
        run = sign(run, keeper, each)
    assert outcome(run) == (True, 3, 3)


def test_a_signature_taken_back_at_once_beside_the_others_is_asked_for_again():
    run, keeper = asked(sign="all")
    task = run.open_tasks()[0].id
    run = sign(run, keeper, "a", "不同意")
    trail.take_back_signature(run, task)
    run = keeper.reload(run)
    assert len(run.open_tasks()) == 3
    for each in "bca":
        run = sign(run, keeper, each)
    assert outcome(run) == (True, 3, 3)


def test_a_drawn_multi_instance_task_may_be_signed_by_a_share_too():
    program = drawn(START + user("u", properties(**{"sign": "all", "pass": "2/3"}) + multi("units")) + user("z") + END
                    + chain("s", "u", "z", "e"))  # fmt: skip
    keeper = Keeper(program)
    run = begin(program, units={"x": 1, "y": 2, "z": 3})
    for key in "xy":
        do(run, "u", key, answer=key, opinion="同意")
        run = keeper.reload(run)
    (task,) = run.open_tasks()
    assert (task.data["passed"], task.data["results"]) == (True, {"x": "x", "y": "y"})


def test_nobody_to_sign_is_a_failure_of_the_step():
    with pytest.raises(Exception, match="没有可以签署的人"):
        begin(signed(sign="all"), Office())


# moving


def test_a_token_is_not_moved_to_where_a_join_would_wait_for_ever():
    run = begin(SPLIT)
    do(run, "a")
    alone, whole = places(run, opened(run, "b1"), alone=True), places(run, opened(run, "b1"), alone=False)
    assert sorted(alone) == ["b1", "b2"]
    assert {"a", "d", "e"} <= set(whole)
    assert not {"b1", "c1"} & set(whole)
    with pytest.raises(Invalid, match="汇合"):
        move(run, opened(run, "b1"), "d", alone=True)


def test_a_token_moved_for_all_takes_the_others_away():
    keeper = Keeper(SPLIT)
    run = begin(SPLIT)
    do(run, "a")
    move(run, opened(run, "b1"), "d", alone=False)
    run.advance()
    run = keeper.reload(run)
    assert names(run) == ["d"]
    assert finish(run, keeper) == ["d"]


def test_a_token_moved_before_a_split_alone_runs_through_the_split():
    keeper = Keeper(SPLIT)
    run = begin(SPLIT)
    do(run, "a")
    move(run, opened(run, "c1"), "a", alone=False)
    run.advance()
    assert finish(keeper.reload(run), keeper) == ["a", "b1", "c1", "b2", "d"]
