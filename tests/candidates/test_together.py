"""Introducers who have worked or lived with the person for twelve months: known, unknown, partly known, replaced."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from candidates.gates import Introduction, refusals
from candidates.models import Introducer, StageEvent
from candidates.pipeline import Stage
from candidates.rulebook import judge
from tests.candidates.test_rulebook import MEETING, WHOLE, meeting, outcome
from tests.candidates.test_steps import send as take
from tests.factories import advance, make_candidate
from vuthu_recruit.dates import PartialDate

LONG = PartialDate(2015)


def since(*known, **values) -> Introduction:
    together = known[0] if known and isinstance(known[0], PartialDate) else PartialDate(*known) if known else None
    return Introduction(date(2023, 9, 1), together_since=together, **values)


def introduced_by(*members, **union):
    return meeting(replace(WHOLE, introducers=members, **union))


@pytest.mark.parametrize(
    "known, found",
    [
        ((2023, 6, 9), "met"),  # a day more than twelve months
        ((2023, 6, 10), "met"),  # twelve months to the day of the meeting
        ((2023, 6, 11), "not_met"),  # a day short
        ((), "warning"),
        ((2022,), "met"),
        ((2023,), "warning"),  # somewhere in that year
        ((2024,), "not_met"),
        ((2023, 5), "met"),
        ((2023, 6), "warning"),
        ((2023, 7), "not_met"),
    ],
)
def test_twelve_months_are_counted_to_the_meeting_and_a_partial_date_refuses_only_what_is_certain(known, found):
    assert outcome(introduced_by(since(LONG), since(*known)), "together") == found


@pytest.mark.parametrize(
    "members, union, found",
    [
        ([], {}, ""),  # that nobody introduces is said beside
        ([since(LONG)], {}, "met"),  # that one is missing is said beside
        ([since(2024, 1)], {}, "not_met"),
        ([since(LONG), since()], {}, "warning"),  # one of two known
        ([since(2024, 1), since()], {}, "not_met"),  # whatever the unknown one turns out to be
        ([since(LONG), since(2024, 1)], {}, "not_met"),
        ([since(LONG), since(LONG), since(2024, 1)], {}, "met"),  # two of three are enough
        ([since(LONG), since(2024, 1)], {"in_youth_union": True}, "met"),  # one is wanted
        ([since(2024, 1), since()], {"in_trade_union": True}, "warning"),
        ([since(LONG), since(is_replacement=True)], {}, "warning"),
        ([since(LONG), since(2024, 1, is_replacement=True)], {}, "warning"),  # of a replacement it is not asked
        ([since(LONG), since(LONG), since(is_replacement=True)], {}, "met"),
        ([since(2024, 1), since(is_replacement=True)], {}, "not_met"),
        ([since(LONG), Introduction(date(2023, 9, 1), MEETING, PartialDate(2024, 1))], {}, "met"),  # stands no more
    ],
)
def test_as_many_as_are_wanted_stand_long_enough(members, union, found):
    assert outcome(introduced_by(*members, **union), "together") == found


def test_who_has_to_wait_is_told_until_when_with_the_clause():
    tried = introduced_by(since(2023, 9, 15), since(2024, 2))
    (judged,) = [row for row in judge(tried) if row.gate == "together"]
    (refusal,) = refusals(tried)

    assert judged.changes == "đủ 12 tháng từ ngày 28/02/2025"  # both: known to the month, the last day of it
    assert (refusal.found, refusal.field) == ("0 người đủ 12 tháng", "happened_on")
    assert refusal.citation == "Quy định 24-QĐ/TW, 3.2.1; thay người giới thiệu: 3.2.2"


def test_a_replacement_is_said_with_the_clause_of_the_set():
    (judged,) = [row for row in judge(introduced_by(since(LONG), since(is_replacement=True))) if row.gate == "together"]

    assert judged.message.startswith("Có người giới thiệu thay người trước")
    assert "3.2.2" in judged.citation


# Pages


@pytest.fixture
def person(world):
    return make_candidate(world.north_1, introducers=("Trần Văn Dẫn",))


def send(person, client, query="", **values):
    person.refresh_from_db()
    base = {"version": person.version, "kind": "introducer", "full_name": "Phạm Thị Dìu", "from_on": "1/4/2022"}
    return client.post(reverse("candidates:companions", args=[person.pk]) + query, base | values)


def test_the_form_asks_since_when_and_the_page_shows_it(world, person, as_user):
    client = as_user(world.branch_officer)
    assert send(person, client, together_since="3/2020").status_code == 302
    row = person.introducers.get(full_name="Phạm Thị Dìu")

    shown = client.get(person.get_absolute_url()).content.decode()
    assert "cùng công tác, cư trú từ 03/2020" in shown
    opened = client.get(reverse("candidates:companions", args=[person.pk]) + f"?sua=introducer-{row.pk}")
    assert 'value="03/2020"' in opened.content.decode()

    assert send(person, client, f"?sua=introducer-{row.pk}", is_replacement="on").status_code == 302
    row.refresh_from_db()
    assert (row.together_since, row.is_replacement) == (None, True)
    assert "thay người giới thiệu trước" in client.get(person.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"together_since": "1/2030"}, "chưa đến"),
        ({"together_since": "31/02/2020"}, "không có thật"),
        ({"together_since": "Đ" * 10_000}, "chưa đúng cách viết"),
        ({"kind": "helper", "together_since": "2020"}, "chỉ ghi cho người giới thiệu"),
        ({"kind": "helper", "is_replacement": "on"}, "chỉ ghi cho người giới thiệu"),
    ],
)
def test_bad_input_is_refused(values, words, world, person, as_user):
    response = send(person, as_user(world.north_officer), **values)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert person.introducers.count() == 1
    assert not person.helpers.exists()


def test_a_conflict_shows_both_versions_of_the_time(world, person, as_user):
    client, row = as_user(world.north_officer), person.introducers.get()
    query = f"?sua=introducer-{row.pk}"
    assert send(person, client, query, full_name=row.full_name, together_since="2019").status_code == 302
    data = {"version": person.version, "full_name": row.full_name, "from_on": "1/3/2022", "together_since": "2018"}
    response = client.post(reverse("candidates:companions", args=[person.pk]) + query, data)

    assert response.status_code == 409
    assert {"label": "Cùng công tác, cư trú từ", "now": "2019", "typed": "2018"} in response.context["versions"]


def test_the_meeting_is_refused_while_time_is_short_and_the_verdict_stays_as_it_was_judged(world, as_user):
    person = advance(make_candidate(world.north_1), Stage.DOSSIER)
    Introducer.objects.filter(candidate=person).update(together_since=PartialDate(2024, 5))
    client = as_user(world.north_officer)

    refused = take(client, person, "branch_passed")
    assert refused.status_code == 422
    assert "chưa cùng công tác, cư trú đủ 12 tháng" in refused.content.decode()

    Introducer.objects.filter(candidate=person).update(together_since=None)
    assert take(client, person, "branch_passed").status_code == 302
    (told,) = [row for row in StageEvent.objects.get(step="branch_passed").verdict if row["gate"] == "together"]
    assert told["outcome"] == "warning"

    Introducer.objects.filter(candidate=person).update(together_since=LONG)
    kept = StageEvent.objects.get(step="branch_passed").verdict
    assert told in kept  # what was judged is kept; the page says apart what is different today
    assert "đủ 12 tháng" in client.get(person.get_absolute_url()).content.decode()
