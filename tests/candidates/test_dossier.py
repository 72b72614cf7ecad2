"""Which papers are wanted, what is wrong with a dossier, which papers are redone: tables of cases, no database."""

from datetime import date

import pytest

from candidates.dossier import (
    Applies,
    Copies,
    Dossier,
    Form,
    Holder,
    Paper,
    Renewal,
    Source,
    State,
    applying,
    problems,
    stale,
)
from candidates.pipeline import Stage, Step
from vuthu_recruit.dates import PartialDate

BIRTH = PartialDate(1998, 5, 12)
HOLDER = Holder(name="Trần Ngọc Linh", birth=BIRTH, introducers=2)


def form(key, needed_for=Step.BRANCH_PASSED, **values) -> Form:
    return Form(key, key.upper(), f"Biểu {key}", needed_for, **values)


APPLICATION, LIFE, OPINIONS = form("1-knd"), form("2-knd", not_before=("check",)), form("5-knd", renewal=Renewal.REDO)
CHECK = form("check", source=Source.BACKGROUND)
INTRODUCTION = form("3-knd", copies=Copies.INTRODUCERS, renewal=Renewal.REDO)
SELF_REVIEW = form("10-knd", Step.RECOGNITION_PROPOSED)
FORMS = (APPLICATION, LIFE, CHECK, INTRODUCTION, OPINIONS, SELF_REVIEW)


def dossier(*papers, stage=Stage.DOSSIER, holder=HOLDER, forms=FORMS, **days) -> Dossier:
    return Dossier(forms, papers, holder, stage, {Step[name.upper()]: day for name, day in days.items()})


def whole(**values) -> list[Paper]:
    """Every paper that the branch's meeting asks for."""
    day = values.pop("dated_on", date(2024, 3, 1))
    found = [Paper(key, dated_on=day, **values) for key in ("1-knd", "2-knd", "check", "3-knd", "5-knd")]
    return [*found, Paper("3-knd", 2, dated_on=day, document="02", **values)]


CONCERNED = [
    (Applies.ALWAYS, Holder(), True),
    (Applies.YOUTH_UNION, Holder(in_youth_union=True), True),
    (Applies.YOUTH_UNION, Holder(in_trade_union=True), False),
    (Applies.TRADE_UNION, Holder(in_trade_union=True), True),
    (Applies.TRADE_UNION, Holder(in_trade_union=True, in_youth_union=True), False),
    (Applies.TRADE_UNION, Holder(), False),
    (Applies.SECTION, Holder(in_section=True), True),
    (Applies.SECTION, Holder(), False),
    (Applies.COMMITTEE, Holder(has_committee=True), True),
    (Applies.COMMITTEE, Holder(has_committee=False), False),
]


@pytest.mark.parametrize(("applies", "holder", "wanted"), CONCERNED)
def test_a_form_concerns_whom_the_catalogue_says(applies, holder, wanted):
    assert (applying([form("x", applies=applies)], holder, "24-qd-tw") != ()) is wanted


def test_a_form_of_one_rule_set_is_asked_under_that_set_alone():
    only = form("x", regimes=("294-qd-tw",))

    assert applying([only], HOLDER, "294-qd-tw") == (only,)
    assert applying([only], HOLDER, "24-qd-tw") == ()


def words(*papers, **values) -> list[tuple[str, str]]:
    return [(one.kind, one.form) for one in problems(dossier(*papers, **values))]


def test_a_whole_dossier_has_nothing_wrong():
    assert words(*whole()) == []


MISSING = [
    ("no paper at all", [], ["1-knd", "2-knd", "check", "3-knd", "5-knd"]),
    ("one of two introductions", [p for p in whole() if p.copy == 1], ["3-knd"]),
    ("being written by hand", [*whole()[1:], Paper("1-knd", state=State.HANDWRITING)], ["1-knd"]),
]


@pytest.mark.parametrize(("case", "papers", "missing"), MISSING, ids=[row[0] for row in MISSING])
def test_what_is_missing_of_this_stage_and_of_earlier_ones_is_named(case, papers, missing):
    assert words(*papers) == [("missing", key) for key in missing]


def test_papers_of_a_later_stage_are_not_missed_yet_and_are_missed_then():
    assert ("missing", "10-knd") not in words(*whole())
    assert words(*whole(), stage=Stage.ADMITTED) == [("missing", "10-knd")]


def test_a_paper_that_is_not_required_is_never_missing():
    optional = form("1-knd", is_required=False)
    assert words(stage=Stage.DOSSIER, forms=(optional,)) == []


def test_a_returned_paper_is_said_to_be_returned():
    papers = [*whole()[1:], Paper("1-knd", state=State.RETURNED)]
    assert words(*papers) == [("returned", "1-knd")]


def test_a_paper_of_a_later_stage_is_named():
    assert words(*whole(), Paper("10-knd")) == [("later", "10-knd")]


DUPLICATES = [
    ("two applications", [Paper("1-knd", 2, document="9")], [("duplicate", "1-knd")]),
    ("a third introduction", [Paper("3-knd", 3, document="03")], [("duplicate", "3-knd")]),
    ("a returned one beside the new one", [Paper("1-knd", 2, state=State.RETURNED)], [("returned", "1-knd")]),
]


@pytest.mark.parametrize(("case", "more", "found"), DUPLICATES, ids=[row[0] for row in DUPLICATES])
def test_more_papers_than_wanted_are_named(case, more, found):
    assert words(*whole(), *more) == found


def test_two_introductions_of_one_number_and_day_are_one_paper_recorded_twice():
    papers = [p for p in whole() if p.form != "3-knd"]
    twice = [Paper("3-knd", copy, document="07", dated_on=date(2024, 3, 1)) for copy in (1, 2)]
    assert words(*papers, *twice) == [("duplicate", "3-knd")]


DIFFERS = [
    ("the same name", {"name": "Trần Ngọc Linh"}, 0),
    ("tone written the older way", {"name": "TRẦN NGỌC LINH"}, 0),
    ("another name", {"name": "Trần Ngọc Lĩnh"}, 1),
    ("the same birth", {"birth": "1998-05-12"}, 0),
    ("only the year, the same", {"birth": "1998"}, 0),
    ("only the year, another", {"birth": "1999"}, 1),
    ("day and month exchanged", {"birth": "1998-12-05"}, 1),
    ("both", {"name": "Trần Linh", "birth": "1997"}, 2),
    ("nothing recorded", {}, 0),
]


@pytest.mark.parametrize(("case", "values", "count"), DIFFERS, ids=[row[0] for row in DIFFERS])
def test_a_name_or_birth_that_differs_from_the_record_is_named(case, values, count):
    papers = [p for p in whole() if p.form != "1-knd"]
    assert words(*papers, Paper("1-knd", **values)) == [("differs", "1-knd")] * count


ORDER = [
    ("on the day of the meeting", date(2024, 4, 1), 0),
    ("the day before", date(2024, 3, 31), 0),
    ("the day after", date(2024, 4, 2), 1),
]


@pytest.mark.parametrize(("case", "day", "count"), ORDER, ids=[row[0] for row in ORDER])
def test_a_paper_made_after_the_step_it_was_needed_for_is_out_of_order(case, day, count):
    papers = [p for p in whole() if p.form != "5-knd"]
    found = words(*papers, Paper("5-knd", dated_on=day), branch_passed=date(2024, 4, 1))
    assert found == [("order", "5-knd")] * count


def test_a_life_certified_before_the_verification_was_done_is_out_of_order():
    papers = [p for p in whole() if p.form != "2-knd"]

    assert words(*papers, Paper("2-knd", dated_on=date(2024, 2, 29))) == [("order", "2-knd")]
    assert words(*papers, Paper("2-knd", dated_on=date(2024, 3, 1))) == []


def test_a_paper_of_probation_before_the_ceremony_is_out_of_order():
    early = Paper("10-knd", dated_on=date(2024, 5, 1))
    found = words(*whole(), early, stage=Stage.ADMITTED, admitted=date(2024, 5, 2), branch_passed=date(2024, 4, 1))
    assert found == [("order", "10-knd")]


MEETING = date(2024, 6, 10)
STALE = [
    ("made on the first day that still counts", date(2023, 6, 10), [], ""),
    ("one day older", date(2023, 6, 9), [], "redo"),
    ("old, but considered in between", date(2023, 6, 9), [date(2023, 12, 1)], ""),
    ("considered too late to help", date(2022, 1, 1), [date(2023, 12, 1)], "redo"),
    ("considered before it was made", date(2023, 6, 9), [date(2023, 1, 1)], "redo"),
    ("considered twice in a chain", date(2022, 7, 1), [date(2023, 6, 1), date(2024, 5, 1)], ""),
    ("without a date", None, [], "undated"),
]


@pytest.mark.parametrize(("case", "day", "votes", "found"), STALE, ids=[row[0] for row in STALE])
def test_papers_the_branch_did_not_consider_in_twelve_months_are_redone(case, day, votes, found):
    result = stale(dossier(Paper("5-knd", dated_on=day)), MEETING, votes, 12)

    assert [one.key for one, _ in result.redo] == ["5-knd"] * (found == "redo")
    assert [one.key for one in result.undated] == ["5-knd"] * (found == "undated")


def test_exactly_the_papers_that_must_be_redone_are_named_each_by_its_own_date():
    old, new = date(2023, 1, 5), date(2024, 1, 5)
    life = form("2-knd", renewal=Renewal.SUPPLEMENT)
    held = dossier(
        Paper("1-knd", dated_on=old), Paper("2-knd", dated_on=old), Paper("3-knd", dated_on=new),
        Paper("3-knd", 2, dated_on=old), Paper("5-knd", dated_on=new),
        forms=(APPLICATION, life, INTRODUCTION, OPINIONS),
    )  # fmt: skip

    result = stale(held, MEETING, [], 12)

    assert [(one.key, day) for one, day in result.redo] == [("3-knd", old)]
    assert [(one.key, day) for one, day in result.supplement] == [("2-knd", old)]
