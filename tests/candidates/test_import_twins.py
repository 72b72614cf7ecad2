"""Rows of one list that may be one person, on random lists and random answers. Pure."""

import random

from candidates.import_case import Case
from candidates.import_twins import OTHER, TAKE, find_twins
from candidates.people_file import PersonRow
from organizations.imports.preview import SKIP, answered
from vuthu_recruit.dates import PartialDate

LISTS, ANSWERS, ROUNDS = 3_000, 12, 20
NAMES = ("Nguyễn Văn An", "Nguyen Van An", "Nguyễn Văn Ân", "Trần Thị Bốn")
BIRTHS = (PartialDate(1990), PartialDate(1990, 2), PartialDate(1990, 2, 1), PartialDate(1990, 2, 2), None)
NUMBERS = ("", "", "000190000001", "000190000002")


def random_rows(rng: random.Random) -> list[PersonRow]:
    rows = []
    for number in range(2, rng.randint(4, 8)):
        said = {
            "full_name": rng.choice(NAMES),
            "birth": rng.choice(BIRTHS),
            "identity_number": rng.choice(NUMBERS),
        }
        filled = {name: value for name, value in said.items() if value}
        rows.append(PersonRow(number, filled, (), "Chi bộ thôn Hội", "", "", None, {}, frozenset()))
    return rows


def judged(rows: list[PersonRow], answers: dict) -> list[Case]:
    cases = [Case(row, answers.get(row.number, {}), []) for row in rows]
    find_twins(cases)
    return cases


def may_be_one(one: Case, other: Case) -> bool:
    """The rule in its plainest form."""
    if one.identity_number and other.identity_number:
        return one.identity_number == other.identity_number
    return bool(one.named and other.named and one.named.may_be(other.named))


def said_to_be_one(cases: list[Case]) -> dict[int, set[str]]:
    """Of each row the identity numbers of everybody it was said to be."""
    joined = {case.row.number: {case.row.number} for case in cases}
    for case in cases:
        for key, said in answered(case.questions, case.answers).items():
            if said in (SKIP, TAKE):
                both = joined[case.row.number] | joined[int(key.removeprefix("twin-"))]
                joined |= dict.fromkeys(both, both)
    numbers = {case.row.number: case.identity_number for case in cases}
    return {row: {numbers[one] for one in rows} - {""} for row, rows in joined.items()}


def open_questions(cases: list[Case]) -> list[tuple[Case, object]]:
    return [(case, one) for case in cases for one in case.questions if not answered([one], case.answers)]


def test_whatever_is_answered_no_two_rows_of_one_person_are_written_unless_they_were_told_apart():
    """Slow (five seconds): thousands of lists, answered, changed, taken back; then answered to the end."""
    rng = random.Random(7)
    for _ in range(LISTS):
        rows, answers = random_rows(rng), {}
        for turn in range(ANSWERS + ROUNDS):
            cases = judged(rows, answers)
            numbers = said_to_be_one(cases)
            written = [case for case in cases if not case.is_skipped and not case.is_open]
            for place, later in enumerate(written):
                for earlier in written[:place]:
                    told = later.answers.get(f"twin-{earlier.row.number}")
                    assert told == OTHER or not may_be_one(later, earlier), (rows, answers)
                    assert told == OTHER or not numbers[later.row.number] & numbers[earlier.row.number], (rows, answers)
            asked = [(case, one) for case in cases for one in case.questions]
            if turn < ANSWERS and asked:
                picked = [rng.choice(asked)]
            else:
                picked = open_questions(cases)
                if not picked:
                    break
            for case, question in picked:
                options = [option.value for option in question.options] + ([""] if turn < ANSWERS else [])
                answers.setdefault(case.row.number, {})[question.key] = rng.choice(options)
        assert all(case.is_skipped or not case.is_open for case in cases), (rows, answers)
        assert not all(case.is_skipped for case in cases), (rows, answers)
