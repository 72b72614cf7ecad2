"""Figures of classes: the four parts of certificates, sums, scopes, what they cost; beside the recount of `verify`."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candidates.classes import Purpose
from candidates.models import Candidate, Enrolment, StageEvent, TrainingClass
from candidates.pipeline import Stage, Step
from organizations.models import Organization, User
from organizations.permissions import Permission
from reports.figures import current_plan
from reports.figures.attention import LONG_AGO, certificates
from reports.figures.fates import ADMITTED, WAITING, Fate, Span, participants
from reports.figures.scope import Reach
from reports.figures.training import Conversion, training_table, training_total
from reports.figures.training_rows import NUMBERS, behind, graduates
from reports.verify.attention import months_before
from reports.verify.training import PARTS, parts
from tests import factories
from tests.reports.certified import certified, finished, lives, open_class, person, sent
from vuthu_recruit.dates import months_after

TODAY = date(2024, 11, 18)
ALWAYS = Span(LONG_AGO, TODAY, TODAY)
FIRST, SECOND = date(2020, 5, 4), date(2022, 6, 6)


def table(user, span: Span = ALWAYS, only: str = ""):
    return training_table(Reach(user, only), span)


# The four parts. Days of issue, day of admission, followed or not: the part of each certificate.

CASES = [
    ("one certificate, admitted", [FIRST], date(2021, 1, 1), True, ["admitted"]),
    ("admitted on the day of issue", [FIRST], FIRST, True, ["admitted"]),
    ("admitted and struck off since", [FIRST], date(2021, 1, 1), False, ["admitted"]),
    ("followed, not admitted", [FIRST], None, True, ["waiting"]),
    ("stopped, not admitted", [FIRST], None, False, ["gone"]),
    ("attended again, admitted by the newer", [FIRST, SECOND], date(2023, 1, 1), True, ["again", "admitted"]),
    ("attended again, admitted on the newer's day", [FIRST, SECOND], SECOND, True, ["again", "admitted"]),
    ("attended again, waiting", [FIRST, SECOND], None, True, ["again", "waiting"]),
    ("attended again, moved away", [FIRST, SECOND], None, False, ["again", "gone"]),
    ("attended once more after the admission", [FIRST, SECOND], date(2021, 1, 1), True, ["admitted", "again"]),
    ("admitted before the certificate", [FIRST], date(2019, 1, 1), True, ["again"]),
    ("two of one day", [FIRST, FIRST], None, True, ["again", "waiting"]),
    ("three", [FIRST, SECOND, date(2023, 6, 6)], date(2023, 6, 5), True, ["again", "admitted", "again"]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_each_certificate_is_one_of_four(case, world):
    _, days, admitted_on, is_followed, expected = case
    counted = parts([(day, number) for number, day in enumerate(days)], admitted_on, is_followed)
    assert list(counted.values()) == expected

    made = person(world.north_1, full_name="Trần Thị Một")
    rows = [certified(made, day) for day in days]
    if admitted_on:
        lives(made, Step.DECIDED, admitted_on)
    if not is_followed:
        lives(made, Step.STOPPED, date(2024, 1, 1), status="stopped")

    assert [part_of(row.pk) for row in rows] == expected


def part_of(enrolment: int, as_of: date = TODAY) -> str:
    """The part the figures say."""
    everything = Reach(User.objects.get(username="board"))
    fate = participants(everything, Span(LONG_AGO, as_of, as_of), 60).values_list("fate", flat=True).get(pk=enrolment)
    return "admitted" if fate in ADMITTED else "waiting" if fate in WAITING else fate


DAYS = st.dates(date(2018, 1, 1), date(2024, 12, 31))


@given(st.lists(DAYS, max_size=6), st.none() | DAYS, st.booleans())
def test_the_parts_add_up_to_the_certificates(days, admitted_on, is_followed):
    given = [(day, number) for number, day in enumerate(days)]

    found = parts(given, admitted_on, is_followed)

    assert found.keys() == {number for _, number in given}
    assert set(found.values()) <= set(PARTS)
    counting = [number for number, part in found.items() if part != "again"]
    assert len(counting) <= 1
    assert bool(counting) == any(admitted_on is None or day <= admitted_on for day in days)


PEOPLE = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.lists(DAYS, max_size=3),
        st.none() | DAYS,
        st.sampled_from(["open", "open", "returned", "stopped", "moved_away"]),
        DAYS,  # of that status
        st.sampled_from([Stage.SOURCE, Stage.DOSSIER, Stage.SUBMITTED]),
    ),
    max_size=8,
)


@given(PEOPLE, DAYS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_figures_lists_and_the_plain_rule_agree_on_random_people(world, people, as_of):
    for model in (Enrolment, StageEvent, Candidate, TrainingClass):
        model.objects.all().delete()
    units = [world.north_1, world.north_2, world.south_1, world.office_1, world.cell]
    expected = {}
    for place, days, admitted_on, status, since, stage in people:
        expected |= _random_person(units[place], days, admitted_on, status, since, stage, as_of)
    span = Span(LONG_AGO, as_of, as_of)
    rows = participants(Reach(world.board), span, 60).exclude(fate=Fate.NONE)
    assert {row.pk: part_of(row.pk, as_of) for row in rows} == expected
    for user in (world.board, world.north_officer, world.branch_officer):
        check_sums(user, span)


def _random_person(unit, days, admitted_on, status, since, stage, as_of) -> dict[int, str]:
    """Admitted when told so; else standing at a stage with a status from some day on."""
    made = person(unit, since=date(2017, 1, 1))
    rows = {certified(made, day).pk: day for day in days}
    if admitted_on:
        lives(made, Step.DECIDED, admitted_on)
    elif stage != Stage.SOURCE or status != "open":
        lives(made, Step.STOPPED if stage == Stage.SOURCE else Step(stage.value), since, status=status)
    is_followed = bool(admitted_on) or since > as_of or status in ("open", "returned")
    counted_on = admitted_on if admitted_on and admitted_on <= as_of else None
    return parts([(day, key) for key, day in rows.items() if day <= as_of], counted_on, is_followed)


def check_sums(user, span: Span, only: str = ""):
    """Classes and units add up to the total, the parts to the certificates, and every number is as long as its list."""
    found, reach = table(user, span, only), Reach(user, only)
    for name in Conversion.__dataclass_fields__:
        whole = getattr(found.total.conversion, name)
        assert whole == sum(getattr(row.figures.conversion, name) for row in found.classes), name
        assert whole == sum(getattr(row.figures.conversion, name) for row in found.units), name
        assert whole == sum(getattr(group.total.conversion, name) for group in found.groups), name
    for name in ("sent", "refused", "learners", "seated", "passed", "failed", "dropped", "certified"):
        whole = getattr(found.total.tally, name)
        assert whole == sum(getattr(row.figures.tally, name) for row in found.classes), name
        assert whole == sum(getattr(row.figures.tally, name) for row in found.units), name
    assert found.total.conversion.certificates == found.total.tally.certified
    for line in [found.total, *(row.figures for row in [*found.classes, *found.units])]:
        assert line.conversion.certificates == line.tally.certified
    for key, number in NUMBERS.items():
        assert behind(reach, span, key).count() == number_of(found.total, key), number.title
    for row in found.classes:
        for key in NUMBERS:
            assert behind(reach, span, key, row.training_class.pk).count() == number_of(row.figures, key)
    for row in found.units:
        own = Reach(user, row.organization.slug)
        assert behind(own, span, "waiting").count() == row.figures.conversion.waiting
    card = training_total(reach, span, current_plan())
    assert card.tally == found.total.tally
    assert (card.places, card.taken) == (found.total.places, found.total.taken)
    assert card.conversion.waiting == found.total.conversion.waiting
    assert card.conversion.admitted == found.total.conversion.admitted


def number_of(figures, key: str) -> int:
    if key == "certificates":
        return figures.tally.certified
    return getattr(figures.conversion if NUMBERS[key].is_conversion else figures.tally, key)


# The months


@pytest.mark.parametrize("months", [12, 24, 36])
@pytest.mark.parametrize("issued_on", [date(2020, 1, 31), date(2020, 2, 29), date(2021, 8, 31), date(2021, 5, 6)])
@pytest.mark.parametrize("later", [-1, 0, 1])
def test_the_last_day_of_the_months_is_in_time(months, issued_on, later, world):
    made = person(world.north_1)
    certified(made, issued_on)
    lives(made, Step.DECIDED, months_after(issued_on, months) + timedelta(days=later))

    found = table(world.board).total.conversion

    assert getattr(found, f"within_{months}") == (later <= 0)
    assert found.admitted == 1
    assert found.within_12 <= found.within_24 <= found.within_36 <= found.admitted


@pytest.mark.parametrize(
    ("issued_on", "expired", "expiring"),
    [
        (date(2019, 11, 17), 1, 0),
        (date(2019, 11, 18), 0, 1),  # holds until today
        (date(2020, 2, 16), 0, 1),
        (date(2020, 2, 17), 0, 0),
    ],
)
def test_a_certificate_is_over_after_its_last_day_and_soon_over_90_days_before(issued_on, expired, expiring, world):
    certified(person(world.north_1), issued_on)

    found = table(world.board).total.conversion

    assert (found.waiting, found.expired, found.expiring) == (1, expired, expiring)


def test_after_the_meeting_of_the_branch_nobody_asks_how_long_it_holds(world):
    made = person(world.north_1)
    certified(made, date(2019, 5, 6))
    lives(made, Step.BRANCH_PASSED, date(2024, 1, 1))

    found = table(world.board).total.conversion

    assert (found.waiting, found.expired) == (1, 0)


def test_those_over_or_soon_over_are_those_the_dashboard_counts(world):
    for issued_on in (date(2019, 1, 1), date(2019, 11, 18), date(2020, 2, 16), date(2020, 2, 17), date(2023, 1, 1)):
        certified(person(world.north_1), issued_on)
        certified(person(world.south_1), issued_on)

    found = table(world.board).total.conversion

    assert found.expired + found.expiring == certificates(Reach(world.board), TODAY).count() == 6


def test_the_months_are_those_of_the_rules_in_force(world, monkeypatch):
    from reports.figures import training

    certified(person(world.north_1), date(2023, 1, 1))
    assert table(world.board).months == 60
    monkeypatch.setattr(training, "certificate_months", lambda day: 12)

    assert table(world.board).total.conversion.expired == 1


def test_on_a_day_without_rules_no_certificate_is_over(world):
    certified(person(world.north_1, since=date(2009, 1, 1)), date(2010, 5, 6))

    found = table(world.board, Span(LONG_AGO, date(2016, 1, 1), date(2016, 1, 1)))

    assert found.months is None
    assert (found.total.conversion.waiting, found.total.conversion.expired) == (1, 0)


# Which classes, which people


def test_a_class_counts_in_the_year_of_its_first_day(world):
    for first in (date(2023, 12, 28), date(2024, 1, 2), date(2024, 11, 18), date(2024, 11, 19)):
        sent(person(world.north_1), open_class(first, first + timedelta(days=6), capacity=10))

    found = table(world.board, Span.year_of(TODAY))

    assert [row.training_class.from_on for row in found.classes] == [date(2024, 1, 2), date(2024, 11, 18)]
    assert (found.total.tally.sent, found.total.places) == (2, 20)


def test_results_are_not_older_than_the_last_day_and_certificates_than_their_issue(world):
    held = open_class(date(2024, 3, 4), date(2024, 3, 8))
    finished(person(world.north_1), held, date(2024, 3, 18))
    finished(person(world.north_1), held, is_passed=False)

    def on(day: date):
        tally = table(world.board, Span.year_of(day)).total.tally
        return tally.enrolled, tally.passed, tally.failed, tally.certified

    assert on(date(2024, 3, 3)) == (0, 0, 0, 0)
    assert on(date(2024, 3, 7)) == (2, 0, 0, 0)
    assert on(date(2024, 3, 8)) == (0, 1, 1, 0)
    assert on(date(2024, 3, 18)) == (0, 1, 1, 1)


def test_says_what_became_of_everybody_sent(world):
    held = open_class(date(2024, 3, 4), capacity=8)
    for state in ("nominated", "refused", "waiting", "enrolled", "dropped", "withdrawn"):
        sent(person(world.north_1), held, state)
    finished(person(world.north_1), held)
    finished(person(world.south_1), held, is_passed=False)

    found = table(world.board, Span.year_of(TODAY))

    tally = found.total.tally
    assert (tally.sent, tally.refused, tally.seated, tally.learners) == (7, 1, 3, 4)
    assert float(tally.pass_rate) == pytest.approx(1 / 3)
    assert float(found.total.use_of_places) == pytest.approx(3 / 8)


def test_classes_without_a_limit_are_not_in_the_use_of_places(world):
    for capacity in (4, None):
        sent(person(world.north_1), open_class(date(2024, 3, 4), capacity=capacity))

    found = table(world.board, Span.year_of(TODAY))

    assert (found.total.places, found.total.taken, found.total.tally.seated) == (4, 1, 2)
    assert found.has_unlimited


def test_neither_classes_called_off_nor_people_entered_by_mistake_count(world):
    sent(person(world.north_1), open_class(date(2024, 3, 4), is_called_off=True), "withdrawn")
    mistaken = person(world.north_1)
    sent(mistaken, open_class(date(2024, 4, 1)))
    Candidate.objects.filter(pk=mistaken.pk).update(status="withdrawn")

    found = table(world.board, Span.year_of(TODAY))

    assert len(found.classes) == 1
    assert found.total.tally.sent == 0


def test_participants_sent_by_the_district_have_a_line_of_their_own(world):
    held = open_class(date(2024, 6, 3), purpose=Purpose.COMMITTEE)
    for unit in (world.district, world.office):
        names = {"participant_name": "Vũ Văn Ủy", "participant_position": "Bí thư"}
        Enrolment.objects.create(training_class=held, unit=unit, state="enrolled", **names)

    found = table(world.board, Span.year_of(TODAY, Purpose.COMMITTEE))

    assert [(row.organization, row.figures.tally.sent) for row in found.units if row.figures] == [
        (world.office, 1),
        (world.district, 1),
    ]
    assert found.total.tally.sent == 2
    assert found.total.conversion == Conversion()


def test_whoever_moved_away_stays_counted_in_the_unit_that_sent_them(world):
    made = person(world.north_1)
    certified(made, date(2023, 5, 6))
    lives(made, Step.MOVED, date(2024, 1, 2), unit=world.south_1)
    lives(made, Step.DECIDED, date(2024, 5, 6), unit=world.south_1)

    assert table(world.north_officer).total.conversion.admitted == 1
    assert table(world.south_officer).total.conversion.certificates == 0
    assert {row.organization: row.figures.conversion.admitted for row in table(world.board).units}[world.north] == 1


def test_a_cancelled_decision_is_no_admission(world):
    made = person(world.north_1)
    certified(made, date(2023, 5, 6))
    decision = lives(made, Step.DECIDED, date(2024, 5, 6))
    StageEvent.objects.filter(pk=decision.pk).update(is_counted=False)
    lives(made, Step.DECISION_CANCELLED, date(2024, 6, 6), status="stopped")

    assert table(world.board).total.conversion.gone == 1


def test_by_the_ceremony_where_the_plan_counts_by_it(world):
    world.plan.counting_basis = "ceremony"
    world.plan.save()
    made = person(world.north_1)
    certified(made, date(2023, 5, 6))
    lives(made, Step.DECIDED, date(2024, 5, 6))
    assert table(world.board).total.conversion.waiting == 1

    lives(made, Step.ADMITTED, date(2024, 5, 20))

    assert table(world.board).total.conversion.within_24 == 1


# Whose


@pytest.mark.parametrize(
    ("name", "sent_by", "places"),
    [
        ("board", {"north": 2, "south": 1, "office": 1, "cell": 1}, 40),
        ("standing", {"north": 2, "south": 1, "office": 1, "cell": 1}, 40),
        ("supervisor", {"north": 2}, None),
        ("north_officer", {"north": 2}, None),
        ("branch_officer", {"north": 1}, None),
        ("cell_officer", {"cell": 1}, None),
        ("center", {}, None),
        ("youth", {}, None),
        ("admin", {}, None),
        ("nobody", {}, None),
    ],
)
def test_each_role_counts_its_own(name, sent_by, places, world):
    held = open_class(date(2024, 3, 4), capacity=40)
    for unit in (world.north_1, world.north_2, world.south_1, world.office_1, world.cell):
        finished(person(unit), held, date(2024, 3, 18))
    user = getattr(world, name)

    found = table(user)

    assert {row.organization.pk: row.figures.tally.sent for row in found.units if row.figures} == {
        getattr(world, unit).pk: people for unit, people in sent_by.items()
    }
    assert found.total.places == places
    assert found.total.conversion.waiting == sum(sent_by.values())
    check_sums(user, ALWAYS)


def test_the_center_counts_by_its_own_right(world):
    held = open_class(date(2024, 3, 4), capacity=40)
    finished(person(world.north_1), held, date(2024, 3, 18))

    found = training_table(Reach(world.center, right=Permission.CLASS_VIEW), ALWAYS)

    assert (found.total.places, found.total.tally.certified) == (40, 1)


def test_one_unit_or_one_group_alone(world):
    held = open_class(date(2024, 3, 4), capacity=40)
    for unit in (world.north_1, world.south_1, world.cell):
        finished(person(unit), held, date(2024, 3, 18))

    assert table(world.board, only="I").total.tally.passed == 2
    assert table(world.board, only=world.cell.slug).total.tally.passed == 1
    assert table(world.board, only="I").total.places is None
    check_sums(world.board, ALWAYS, "I")


def test_graduates_of_all_years_are_those_who_wait(world):
    for day in (date(2019, 5, 6), date(2022, 5, 6), date(2024, 5, 6)):
        certified(person(world.north_1), day)
    admitted = person(world.north_1)
    certified(admitted, date(2023, 5, 6))
    lives(admitted, Step.DECIDED, date(2024, 5, 6))

    found = graduates(Reach(world.board), TODAY, 60)

    assert found.count() == table(world.board).total.conversion.waiting == 3


# What it costs


def test_costs_the_same_with_more_people(world, django_assert_num_queries):
    reach = Reach(world.board)
    held = open_class(date(2024, 3, 4), capacity=200)

    def send(people: int) -> None:
        for _ in range(people):
            made = person(world.north_1)
            finished(made, held, date(2024, 3, 18))
            lives(made, Step.DECIDED, date(2024, 6, 3))

    send(20)
    training_table(reach, ALWAYS)  # the scope is read once
    with django_assert_num_queries(5):
        assert training_table(reach, ALWAYS).total.conversion.admitted == 20
    send(100)
    with django_assert_num_queries(5):
        assert training_table(reach, ALWAYS).total.conversion.admitted == 120
    with django_assert_num_queries(1):
        assert training_total(reach, ALWAYS, world.plan).conversion.admitted == 120


def test_through_the_actions_of_the_product_as_well(world):
    """A class from nomination to admission, and somebody who attends again."""
    admitted = factories.advance(factories.make_candidate(world.north_1), Stage.DECIDED)
    again = factories.make_candidate(world.south_1)
    factories.give_certificate(again, date(2023, 3, 6))
    factories.give_certificate(again, date(2024, 3, 4))

    found = table(world.board).total.conversion

    assert (found.admitted, found.within_12, found.again, found.waiting) == (1, 1, 1, 1)
    assert admitted.enrolments.count() == 1
    check_sums(world.board, ALWAYS)


def test_months_before_is_the_other_way_round():
    """What the recount measures by: the same answer as months_after, by other arithmetic."""
    for days in range(0, 1500, 7):
        issued_on = date(2020, 1, 31) + timedelta(days=days % 60)
        day = issued_on + timedelta(days=days)
        if months_before(day, 12).day == day.day:
            assert (issued_on >= months_before(day, 12)) == (day <= months_after(issued_on, 12))


def test_units_stand_in_administrative_order_with_those_that_sent_nobody(world):
    found = table(world.board)

    assert [row.organization for row in found.units][:2] == [world.north, world.south]
    assert len(found.units) == Organization.objects.grassroots().count()
    assert [group.title[:3] for group in found.groups] == ["I. ", "II."]
