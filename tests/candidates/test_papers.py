"""The papers of a person: recorded as one table, proved by the record where it can be, asked by the gates."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.actions.dossier import PaperValues, save_dossier
from candidates.actions.events import Refused
from candidates.dossier import State
from candidates.models import Candidate, DossierForm, DossierItem, StageEvent
from candidates.pipeline import Stage, Step
from organizations.models import Change
from organizations.versions import Conflict
from tests.factories import advance, give_papers, make_candidate, step

DAY = date(2022, 6, 1)


def fresh(candidate) -> Candidate:
    return Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)


def url(candidate) -> str:
    return reverse("candidates:dossier", args=[candidate.pk])


def form(key: str) -> DossierForm:
    return DossierForm.objects.get(key=key)


def keep(candidate, by, *papers: PaperValues, version=None) -> int:
    candidate = fresh(candidate)
    return save_dossier(candidate=candidate, papers=list(papers), version=version or candidate.version, by=by)[0]


@pytest.fixture
def person(world):
    """In dossier since 30/05/2022."""
    return fresh(advance(make_candidate(world.north_1, full_name="Trần Ngọc Linh"), Stage.DOSSIER))


def test_papers_are_saved_in_one_go_with_their_history(world, person):
    before = Change.objects.count()

    saved = keep(
        person, world.north_officer,
        PaperValues(form("1-knd"), 1, State.IN, "", DAY), PaperValues(form("5-knd"), 1, State.HANDWRITING),
        PaperValues(form("2-knd"), 1, State.MISSING),
    )  # fmt: skip

    assert saved == 2
    rows = {row.form.key: row for row in person.papers.select_related("form")}
    assert {key: row.state for key, row in rows.items()} == {"1-knd": "in", "5-knd": "handwriting"}
    assert rows["1-knd"].name_on_paper == "Trần Ngọc Linh"
    assert rows["1-knd"].birth_on_paper == person.birth
    assert set(Change.objects.order_by("pk")[before:].values_list("action", flat=True)) == {"candidate.papers"}
    assert fresh(person).version == person.version + 1


BAD = [
    ("a day that has not come", {"dated_on": date(2999, 1, 1)}, "chưa đến"),
    ("a number of a missing paper", {"state": State.MISSING, "document": "7"}, "thì xóa số và ngày"),
    ("accepted by the unit itself", {"state": State.ACCEPTED}, "do Ban Tổ chức ghi"),
    ("returned by the unit itself", {"state": State.RETURNED}, "do Ban Tổ chức ghi"),
    ("a tenth copy", {"copy": 10}, "số thứ tự bản"),
    ("copy nought", {"copy": 0}, "số thứ tự bản"),
    ("a form proved by a step", {"form": "6-knd"}, "không ghi ở trang hồ sơ"),
]


@pytest.mark.parametrize(("case", "values", "words"), BAD, ids=[row[0] for row in BAD])
def test_what_cannot_be_is_refused_in_words_and_nothing_changes(world, person, case, values, words):
    values = {"form": "1-knd", "copy": 1, "state": State.IN} | values
    wrong = PaperValues(**(values | {"form": form(values["form"])}))

    with pytest.raises(Refused) as refused:
        keep(person, world.north_officer, PaperValues(form("2-knd"), 1, State.IN), wrong)

    assert words in str(refused.value)
    assert not DossierItem.objects.exists()
    assert fresh(person).version == person.version


def test_two_officers_at_once_do_not_overwrite_each_other(world, person):
    keep(person, world.north_officer, PaperValues(form("1-knd"), 1, State.IN))

    with pytest.raises(Conflict):
        keep(person, world.branch_officer, PaperValues(form("2-knd"), 1, State.IN), version=person.version)


def test_the_unit_does_not_touch_papers_that_lie_with_the_board(world, person):
    sent = advance(person, Stage.SUBMITTED)

    with pytest.raises(Refused, match="đang ở Ban Tổ chức"):
        keep(sent, world.north_officer, PaperValues(form("1-knd"), 1, State.IN))
    assert keep(sent, world.board, PaperValues(form("1-knd"), 1, State.IN)) == 1


def test_a_corrected_record_shows_which_papers_now_differ(world, as_user, person):
    give_papers(person)
    browser = as_user(world.north_officer)
    assert "Không thấy thiếu giấy tờ" in browser.get(url(person)).content.decode()

    Candidate.objects.filter(pk=person.pk).update(birth="1988-01-01")

    shown = browser.get(url(person)).content.decode()
    assert "1-KNĐ ghi ngày sinh" in shown
    assert "hồ sơ ghi 01/01/1988" in shown


def test_what_the_record_proves_is_not_asked_again(world, as_user, person):
    give_papers(person)
    passed = advance(person, Stage.COMMITTEE_PASSED)

    shown = as_user(world.north_officer).get(url(passed)).content.decode()

    assert "05-NQ/CB" in shown
    assert "lấy từ: bước chi bộ biểu quyết" in shown
    assert 'name="document-6-knd-1"' not in shown


def test_a_return_to_the_branch_takes_the_old_resolutions_out_of_the_dossier(world, as_user, person):
    give_papers(person)
    sent = advance(person, Stage.SUBMITTED)
    step(sent, Step.RETURNED, date(2022, 9, 20), by=world.board, redo_from="branch", reason="Họp lại vì thiếu biên bản")

    shown = as_user(world.north_officer).get(url(sent)).content.decode()

    assert "05-NQ/CB" not in shown


def post(browser, candidate, **values):
    data = {"version": fresh(candidate).version}
    page = browser.get(url(candidate))
    for name, field in page.context["form"].fields.items():
        value = page.context["form"][name].value()
        data[name] = field.prepare_value(value) if value is not None else ""
    return browser.post(url(candidate), data | values)


def test_the_page_saves_the_table_and_says_how_many(world, as_user, person):
    browser = as_user(world.branch_officer)

    response = post(
        browser, person, **{"state-1-knd-1": "in", "dated-1-knd-1": "1/6/2022", "state-5-knd-1": "handwriting"}
    )

    assert response.status_code == 302
    shown = browser.get(response.url).content.decode()
    assert "Đã lưu 2 giấy tờ của Trần Ngọc Linh" in shown
    assert "nơi cư trú: đang viết tay." in shown
    assert "3-KNĐ Giấy giới thiệu người vào Đảng: chưa có." in shown


def test_a_browser_sends_what_the_page_shows_and_no_more_is_asked(world, as_user, person):
    browser = as_user(world.north_officer)
    shown = browser.get(url(person)).content.decode()

    asked = {name for name in browser.get(url(person)).context["form"].fields if name != "version"}

    assert asked == set(re.findall(r'name="((?:state|document|dated|name|birth)-[^"]+)"', shown))


def test_the_page_keeps_what_was_typed_when_it_refuses(world, as_user, person):
    response = post(as_user(world.north_officer), person, **{"state-1-knd-1": "in", "dated-1-knd-1": "31/02/2022"})

    assert response.status_code == 422
    assert "31/02/2022" in response.content.decode()
    assert not DossierItem.objects.exists()


def test_a_form_nobody_knows_is_refused_in_words(world, as_user, person):
    typed = {"state-1-knd-1": "in", "state-17-knd-1": "in", "document-17-knd-1": "9"}

    response = post(as_user(world.north_officer), person, **typed)

    assert response.status_code == 422
    assert "Biểu mẫu “17-knd-1” không ghi được ở đây" in response.content.decode()
    assert not DossierItem.objects.exists()


def test_a_supervisor_sees_the_person_and_not_the_dossier(world, as_user, person):
    assert as_user(world.supervisor).get(url(person)).status_code == 403
    assert as_user(world.south_officer).get(url(person)).status_code == 404
    assert as_user(world.center).get(url(person)).status_code == 404


# Gates


def verdict(name: str) -> dict:
    return {row["gate"]: row for row in StageEvent.objects.filter(step=name, is_live=True).latest("pk").verdict}


def test_a_dossier_nobody_kept_is_sent_with_a_warning(world, person):
    advance(person, Stage.SUBMITTED)

    assert verdict("submitted")["dossier"]["outcome"] == "warning"


def test_a_kept_dossier_with_a_paper_missing_is_not_sent(world, person):
    give_papers(person, but=("5-knd",))
    passed = advance(person, Stage.COMMITTEE_PASSED)

    with pytest.raises(Refused, match="Hồ sơ còn thiếu: 5-KNĐ"):
        step(passed, Step.SUBMITTED, date(2022, 9, 1))

    keep(passed, world.north_officer, PaperValues(form("5-knd"), 1, State.IN, "", date(2022, 6, 10)))
    step(passed, Step.SUBMITTED, date(2022, 9, 1))
    assert verdict("submitted")["dossier"]["outcome"] == "met"


def test_stale_papers_stop_the_meeting_and_are_named(world, person):
    give_papers(person, dated_on=date(2022, 6, 1))

    with pytest.raises(Refused) as refused:
        step(person, Step.BRANCH_PASSED, date(2023, 6, 2))
    assert "phải làm lại: 3-KNĐ ngày 01/06/2022, 5-KNĐ ngày 01/06/2022" in str(refused.value)

    step(person, Step.BRANCH_PASSED, date(2023, 6, 1))
    assert verdict("branch_passed")["papers"]["outcome"] == "met"


def test_an_old_dossier_without_dates_is_a_warning(world, person):
    step(person, Step.BRANCH_PASSED, date(2023, 6, 2))

    assert verdict("branch_passed")["papers"]["outcome"] == "warning"


def test_the_number_of_queries_of_the_page_does_not_grow_with_the_papers(
    world, as_user, person, django_assert_num_queries
):

    browser = as_user(world.north_officer)
    browser.get(url(person))
    with CaptureQueriesContext(connection) as few:
        browser.get(url(person))
    give_papers(person)
    with CaptureQueriesContext(connection) as many:
        browser.get(url(person))

    assert len(many) == len(few) <= 20
