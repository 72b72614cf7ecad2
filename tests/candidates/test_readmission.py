"""Members who left and come back: how long ago, what bars them, once only; the new record and the old one."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from candidates.actions import readmission, records
from candidates.actions.corrections import withdraw_last
from candidates.actions.duplicates import Duplicate
from candidates.actions.events import Refused, former_of
from candidates.gates import refusals
from candidates.models import Candidate, FormerMembership, ReviewCase, StageEvent
from candidates.pipeline import Stage, Status, Step
from candidates.readmission import Former
from candidates.rulebook import judge
from candidates.rules import OPEN_CITATION
from organizations.models import User
from tests.candidates.test_clocks import at as road
from tests.candidates.test_entering import data
from tests.candidates.test_rulebook import WHOLE, attempt, meeting, outcome
from tests.candidates.test_steps import send as take
from tests.factories import advance, give_certificate, make_candidate, step
from vuthu_recruit.dates import PartialDate

NUMBER, WHY = "000195104482", "Không bảo đảm tư cách đảng viên"
NEUTRAL = "Trường hợp này cần Ban Tổ chức đối chiếu"
LONG_AGO = date(2015, 3, 1)


def left(on=LONG_AGO, **values) -> Former:
    return Former(on, **values)


def considered(former, *cases, on=date(2024, 6, 10)):
    return meeting(replace(WHOLE, former=former, special_cases=frozenset(cases)), on=on)


# The rules


@pytest.mark.parametrize(
    "former, found",
    [
        (None, ""),
        (left(date(2021, 6, 9)), "met"),  # 36 months and a day
        (left(date(2021, 6, 10)), "met"),  # 36 months to the day
        (left(date(2021, 6, 11)), "not_met"),
        (left(date(2024, 7, 1)), "not_met"),  # after the meeting
        (left(sentence="less_serious", cleared_on=date(2019, 6, 10)), "met"),  # 60 months to the day
        (left(sentence="less_serious", cleared_on=date(2019, 6, 11)), "not_met"),
        (left(sentence="less_serious"), "not_met"),  # not known since when it is spent
        (left(date(2023, 1, 1), sentence="less_serious", cleared_on=date(2015, 1, 1)), "not_met"),
        (left(sentence="corruption"), "not_met"),
        (left(sentence="serious"), "not_met"),
        (left(how="expelled"), "met"),
        (left(how="resigned"), "not_met"),
        (left(how="resigned", family_hardship=True), "met"),
        (left(how="stayed_away"), "not_met"),
        (left(how="disunity"), "not_met"),
        (left(readmitted_before=True), "not_met"),
    ],
)
def test_time_and_what_bars_are_measured_at_the_meeting(former, found):
    assert outcome(considered(former), "readmission") == found


@pytest.mark.parametrize(
    "former, found",
    [(left(date(2023, 1, 1)), "warning"), (left(how="stayed_away"), "not_met"), (left(), "warning")],
)
def test_population_policy_has_a_rule_of_its_own(former, found):
    assert outcome(considered(former, "population"), "readmission") == found


@pytest.mark.parametrize(
    "former, changes",
    [
        (left(date(2021, 7, 15)), "từ ngày 15/07/2024"),
        (left(date(2021, 8, 31)), "từ ngày 31/08/2024"),
        (left(date(2021, 7, 15), sentence="less_serious", cleared_on=date(2020, 2, 1)), "từ ngày 01/02/2025"),
        (left(date(2024, 1, 15), sentence="less_serious", cleared_on=date(2020, 2, 1)), "từ ngày 15/01/2027"),
        (left(how="stayed_away"), ""),
        (left(sentence="less_serious"), ""),
        (left(readmitted_before=True), ""),
    ],
)
def test_only_whom_time_alone_helps_is_told_from_which_day(former, changes):
    (judged,) = [row for row in judge(considered(former)) if row.gate == "readmission"]

    assert (judged.outcome, judged.changes) == ("not_met", changes)
    assert judged.who


def test_the_refusal_names_the_clause_and_neither_court_nor_reason():
    barred = [left(how="disunity"), left(sentence="corruption"), left(sentence="less_serious")]
    for former in barred:
        (refusal,) = [one for one in refusals(considered(former)) if one.code == "readmission"]
        said = " ".join((refusal.message, refusal.found, refusal.required))
        assert refusal.citation == "Quy định 24-QĐ/TW, 3.5; không xem xét kết nạp lại: 3.5.2"
        assert not [word for word in ("án", "tội", "đoàn kết", "tham nhũng") if f" {word} " in f" {said} "]
    (early,) = [one for one in refusals(considered(left(date(2025, 1, 1)), on=date(2025, 3, 3))) if one.code[0] == "r"]
    assert early.citation == OPEN_CITATION  # 232-QĐ/TW could not be read


@pytest.mark.parametrize(
    "former, consent, found",
    [(None, "", ""), (left(), "", "not_met"), (left(), "215-CV/TU", "met")],
)
def test_the_province_agrees_in_writing_before_the_decision(former, consent, found):
    facts = {"document": "9-QĐ", "readmission_consent": consent}
    tried = attempt("decided", road("appraised"), date(2024, 5, 6), facts, replace(WHOLE, former=former))

    assert outcome(tried, "readmission_consent") == found
    assert ("readmission_consent" in {one.code for one in refusals(tried)}) is (found == "not_met")


# A struck-off person enters once more


def strike_off(person, on=date(2021, 9, 1)) -> Candidate:
    step(person, Step.STRUCK_OFF, on, by=User.objects.get(username="board"), document="77-QĐ/HU", reason=WHY)
    return fresh(person)


def fresh(candidate) -> Candidate:
    return Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)


@pytest.fixture
def struck(world):
    """Struck off on 1/9/2021 in north_1."""
    person = make_candidate(
        world.north_1, full_name="Đặng Thị Hòa", identity_number=NUMBER, started=date(2019, 3, 1), phone="0900000001",
        is_youth_union_member=True, background_document="77-TTLL", background_checked_on=date(2019, 8, 1),
        birth=PartialDate(1995, 3, 27),
    )  # fmt: skip
    return strike_off(advance(person, Stage.ADMITTED))


def again(struck, by, **values) -> Candidate:
    given = {"values": {}, "entered_on": date(2024, 1, 10)} | values
    return readmission.readmit(candidate=struck, by=by, **given)


def url(name, candidate) -> str:
    return reverse(f"candidates:{name}", args=[candidate.pk])


def readmit_data(place, **values) -> dict:
    base = {"form_key": "a" * 32, "unit": place.slug, "entered_on": "10/1/2024", "sentence": "none", "cleared_on": ""}
    return base | values


def test_a_new_record_begins_at_the_source_and_names_the_old_one(world, struck):
    person = again(struck, world.north_officer)
    former = person.former

    assert (person.status, person.stage, person.previous) == (Status.OPEN, Stage.SOURCE, struck)
    assert (person.full_name, person.identity_number, person.phone) == ("Đặng Thị Hòa", NUMBER, "0900000001")
    assert (former.left_on, former.how, former.document) == (date(2021, 9, 1), "struck_off", "77-QĐ/HU")
    assert not person.is_youth_union_member  # what may have changed is entered anew
    assert not person.background_document
    assert fresh(struck).status == Status.STRUCK_OFF
    assert fresh(struck).events.count() == struck.events.count()


def test_the_page_of_a_struck_off_person_leads_there_and_both_pages_lead_to_each_other(world, struck, as_user):
    client = as_user(world.north_officer)
    assert url("readmit", struck) in client.get(struck.get_absolute_url()).content.decode()

    response = client.post(url("readmit", struck), readmit_data(world.north_2))
    person = Candidate.objects.get(previous=struck)

    assert response.url == person.get_absolute_url()
    assert person.unit == world.north_2
    old, new = (client.get(one.get_absolute_url()).content.decode() for one in (struck, person))
    assert person.get_absolute_url() in old
    assert url("readmit", struck) not in old
    assert struck.get_absolute_url() in new
    assert "Ngày 01/09/2021, bị xóa tên" in new
    # A reader without background knows that there is another record, not how somebody left.
    seen = as_user(world.supervisor).get(person.get_absolute_url()).content.decode()
    assert struck.get_absolute_url() in seen
    assert "bị xóa tên</dd>" not in seen


def test_sending_it_twice_makes_one_record(world, struck, as_user):
    client = as_user(world.north_officer)
    addresses = {client.post(url("readmit", struck), readmit_data(world.north_1)).url for _ in range(2)}

    assert len(addresses) == Candidate.objects.filter(previous=struck).count() == 1
    other_form = client.post(url("readmit", struck), readmit_data(world.north_1, form_key="b" * 32))
    assert other_form.status_code == 422
    assert "đã có hồ sơ kết nạp lại" in other_form.content.decode()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"entered_on": "31/8/2021"}, "trước ngày xóa tên 01/09/2021"),
        ({"entered_on": "1/1/2030"}, "chưa đến"),
        ({"entered_on": ""}, "Chưa nhập"),
        ({"unit": "13249"}, "Hãy chọn một mục"),
        ({"unit": "Đ" * 10_000}, "Hãy chọn một mục"),
        ({"sentence": "<script>"}, "Hãy chọn một mục"),
        ({"cleared_on": "1/1/2018"}, "chỉ ghi khi bị án về tội phạm ít nghiêm trọng"),
        ({"sentence": "less_serious", "cleared_on": "1/1/2030"}, "chưa đến"),
        ({"form_key": "x"}, "Trang đã cũ"),
    ],
)
def test_bad_input_is_refused(values, words, world, struck, as_user):
    response = as_user(world.north_officer).post(url("readmit", struck), readmit_data(world.north_1, **values))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not FormerMembership.objects.exists()


def test_only_a_struck_off_person_is_entered_again(world, as_user):
    person, client = make_candidate(world.north_1), as_user(world.north_officer)

    assert "Chỉ lập hồ sơ kết nạp lại" in client.get(url("readmit", person)).content.decode()
    assert client.post(url("readmit", person), readmit_data(world.north_1)).status_code == 422
    with pytest.raises(Refused):
        again(person, world.north_officer)


@pytest.mark.parametrize("name", ["readmit", "former"])
def test_readers_get_403_and_outsiders_404(name, world, struck, as_user):
    for who, status in (("supervisor", 403), ("standing", 403), ("south_officer", 404), ("center", 404)):
        for method in ("get", "post"):
            response = getattr(as_user(getattr(world, who)), method)(url(name, struck))
            assert response.status_code == status, (who, method)


def test_the_action_asks_for_the_right_at_both_units(world, struck):
    for by, unit in ((world.supervisor, None), (world.north_officer, world.south_1), (world.south_officer, None)):
        with pytest.raises(PermissionDenied):
            again(struck, by, unit=unit)


def test_one_entered_again_by_mistake_makes_room(world, struck):
    mistaken = again(struck, world.north_officer)
    with pytest.raises(Refused):
        again(struck, world.board)
    withdraw_last(
        candidate=mistaken, event=mistaken.events.get(), reason="Nhập nhầm người", version=mistaken.version,
        by=world.north_officer,
    )  # fmt: skip

    person = again(fresh(struck), world.board)
    assert (person.previous_id, fresh(mistaken).previous_id) == (struck.pk, None)


def test_the_striking_off_stands_while_the_new_record_does(world, struck):
    again(struck, world.north_officer)
    struck = fresh(struck)
    last = struck.events.get(step=Step.STRUCK_OFF)

    with pytest.raises(Refused) as refused:
        withdraw_last(candidate=struck, event=last, reason=WHY, version=struck.version, by=world.board)
    assert "đã có hồ sơ kết nạp lại" in str(refused.value)


def test_nobody_is_admitted_a_third_time(world, struck):
    second = again(struck, world.north_officer, entered_on=date(2022, 1, 10))
    StageEvent.objects.filter(candidate=second).update(happened_on=date(2022, 1, 10))
    Candidate.objects.filter(pk=second.pk).update(status=Status.STRUCK_OFF)
    last = second.events.get()
    StageEvent.objects.filter(pk=last.pk).update(step=Step.STRUCK_OFF)

    third = again(fresh(second), world.north_officer)

    assert third.former.readmitted_before
    assert former_of(third).readmitted_before
    tried = considered(former_of(third), on=date(2030, 1, 1))
    assert outcome(tried, "readmission") == "not_met"


# Matching by number


def enter(world, as_user, who="north_officer", **values):
    given = data(world, identity_number=NUMBER, full_name="Đặng Thị Hoà", **values)
    return as_user(getattr(world, who)).post(reverse("candidates:create"), given)


def test_the_number_of_a_struck_off_person_in_scope_leads_to_the_readmission(world, struck, as_user):
    response = enter(world, as_user)
    page = response.content.decode()

    assert response.status_code == 422
    assert "Đã bị xóa tên: dùng “Kết nạp lại”" in page
    assert url("readmit", struck) in page
    assert Candidate.objects.count() == 1


def test_the_number_of_a_struck_off_person_elsewhere_is_answered_like_any_other(world, struck, as_user):
    response = enter(world, as_user, who="south_officer", unit=world.south_1.slug)
    draft = Candidate.objects.get(unit=world.south_1)

    assert (draft.status, draft.waiting_for) == (Status.WAITING, "board")
    assert ReviewCase.objects.get().other == struck
    assert NEUTRAL in as_user(world.south_officer).get(response.url).content.decode()
    assert NEUTRAL in as_user(world.south_officer).get(draft.get_absolute_url()).content.decode()


def test_a_mass_organisation_that_introduces_one_gets_the_neutral_answer(world, struck):
    values = {"full_name": "Đặng Thị Hòa", "sex": "female", "identity_number": NUMBER}
    draft = records.introduce(
        values=values, unit=world.north_1, body="youth_union", introduced_on=date(2024, 3, 1), by=world.youth
    )

    assert draft.waiting_for == "board"
    assert ReviewCase.objects.get().other == struck


def test_the_board_does_not_clear_a_draft_with_the_number_of_a_struck_off_person(world, struck, as_user):
    enter(world, as_user, who="south_officer", unit=world.south_1.slug)
    case, client = ReviewCase.objects.get(), as_user(world.board)
    answer = {
        "version": case.version,
        "outcome": "cleared",
        "happened_on": "1/6/2024",
        "reason": "Đã đối chiếu giấy tờ",
    }
    page = reverse("candidates:review_case", args=[case.pk])

    response = client.post(page, answer)
    assert response.status_code == 422
    assert "người đã bị xóa tên" in response.content.decode()
    assert client.post(page, answer | {"outcome": "merged"}).status_code == 302
    assert again(struck, world.board, unit=world.south_1).unit == world.south_1


def test_a_record_given_the_number_of_a_struck_off_person_is_told_the_same(world, struck):
    person = make_candidate(world.north_2)
    with pytest.raises(Duplicate):
        records.edit(candidate=person, values={"identity_number": NUMBER}, version=1, by=world.north_officer)

    foreign = make_candidate(world.south_1)
    saved = records.edit(candidate=foreign, values={"identity_number": NUMBER}, version=1, by=world.south_officer)
    assert saved is False
    assert ReviewCase.objects.get().candidate == foreign


def test_once_followed_again_the_new_record_is_the_match(world, struck, as_user):
    person = again(struck, world.north_officer)
    page = enter(world, as_user).content.decode()

    assert person.get_absolute_url() in page
    assert url("readmit", struck) not in page
    edited = records.edit(
        candidate=person, values={"full_name": "Đặng Thị Hoa"}, version=person.version, by=world.north_officer
    )
    assert edited


def test_whoever_holds_the_number_meanwhile_is_no_second_person(world, struck):
    """An unlinked second life from before there was this page."""
    other = make_candidate(world.south_1)
    Candidate.objects.filter(pk=other.pk).update(identity_number=NUMBER)

    with pytest.raises(Duplicate):
        again(struck, world.board)
    draft = again(struck, world.north_officer)
    assert (draft.status, draft.waiting_for) == (Status.WAITING, "board")
    assert ReviewCase.objects.get().other == other


# "Từng là đảng viên"


@pytest.fixture
def person(world):
    return make_candidate(world.north_1, birth=PartialDate(1980, 3, 27))


def former_data(candidate, **values) -> dict:
    base = {"version": fresh(candidate).version, "left_on": "1/3/2015", "how": "expelled", "sentence": "none"}
    return base | values


def test_who_left_elsewhere_is_recorded_corrected_and_taken_back(world, person, as_user):
    client = as_user(world.branch_officer)
    assert url("former", person) in client.get(person.get_absolute_url()).content.decode()

    assert client.post(url("former", person), former_data(person, document="12-QĐ/HU")).status_code == 302
    assert "Ngày 01/03/2015, bị khai trừ" in client.get(person.get_absolute_url()).content.decode()

    spent = {"sentence": "less_serious", "cleared_on": "2/4/2018"}
    assert client.post(url("former", person), former_data(person, **spent)).status_code == 302
    assert FormerMembership.objects.get().cleared_on == date(2018, 4, 2)
    for who in ("standing", "supervisor"):
        shown = as_user(getattr(world, who)).get(person.get_absolute_url()).content.decode()
        assert not [word for word in ("khai trừ", "ít nghiêm trọng", "02/04/2018") if word in shown]

    assert client.post(url("former", person), {"version": fresh(person).version, "remove": "on"}).status_code == 302
    assert FormerMembership.objects.get().is_mistake  # nothing is deleted
    assert former_of(fresh(person)) is None
    assert "bị khai trừ" not in client.get(person.get_absolute_url()).content.decode().partition("Lịch sử")[0]
    assert "remove" not in client.get(url("former", person)).context["form"].fields
    assert client.post(url("former", person), former_data(person)).status_code == 302
    assert former_of(fresh(person)).how == "expelled"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"left_on": ""}, "Chưa nhập"),
        ({"left_on": "1/1/2030"}, "chưa đến"),
        ({"left_on": "1/3/1979"}, "trước ngày sinh"),
        ({"left_on": "31/02/2015"}, "không có thật"),
        ({"how": "moved"}, "Hãy chọn một mục"),
        ({"sentence": ""}, "Chưa "),
        ({"cleared_on": "1/1/2018"}, "chỉ ghi khi bị án về tội phạm ít nghiêm trọng"),
        ({"family_hardship": "on"}, "chỉ ghi cho người tự xin ra khỏi Đảng"),
        ({"document": "<b>12</b>"}, "không nhận các ký tự"),
        ({"document": "x" * 10_000}, "Nhiều nhất 200 ký tự"),
        ({"version": ""}, "Trang đã cũ"),
    ],
)
def test_what_cannot_be_true_of_a_former_member_is_refused(values, words, world, person, as_user):
    response = as_user(world.north_officer).post(url("former", person), former_data(person, **values))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not FormerMembership.objects.exists()


def test_two_who_record_it_at_once_see_both_versions(world, person, as_user):
    first, second = as_user(world.branch_officer), as_user(world.north_officer)
    sent = former_data(person)
    assert first.post(url("former", person), sent).status_code == 302
    response = second.post(url("former", person), sent | {"left_on": "2/3/2015"})

    assert response.status_code == 409
    assert {"label": "Ngày ra khỏi Đảng", "now": "01/03/2015", "typed": "02/03/2015"} in response.context["versions"]
    assert FormerMembership.objects.get().left_on == date(2015, 3, 1)


def test_who_comes_from_a_struck_off_record_stays_a_former_member(world, struck, as_user):
    person, client = again(struck, world.north_officer), as_user(world.north_officer)

    assert "remove" not in client.get(url("former", person)).context["form"].fields
    with pytest.raises(Refused):
        readmission.record_former(candidate=person, values=None, version=fresh(person).version, by=world.north_officer)


@pytest.mark.parametrize(
    "values", [{"cleared_on": date(2018, 1, 1)}, {"family_hardship": True}, {"how": "moved"}, {"sentence": "petty"}]
)
def test_the_database_refuses_what_the_form_does(values, person):
    with pytest.raises(IntegrityError), transaction.atomic():
        FormerMembership.objects.create(candidate=person, left_on=LONG_AGO, **({"how": "expelled"} | values))


def test_who_records_it_does_not_appraise_the_dossier(world, person, as_user):
    person = advance(person, Stage.SUBMITTED)
    assert as_user(world.board).post(url("former", person), former_data(person)).status_code == 302

    appraising = {"day": "01/12/2022", "document": "17-TTr/BTC"}
    refused = take(as_user(world.board), person, "appraised", **appraising)
    assert "không được thẩm định chính hồ sơ đó" in refused.content.decode()
    assert take(as_user(world.board_2), person, "appraised", **appraising).status_code == 302


# The road of somebody who comes back


def test_the_meeting_waits_for_month_36_and_the_decision_for_the_province(world, struck, as_user):
    person = again(struck, world.north_officer, entered_on=date(2024, 1, 10))
    values = {"education": "upper_secondary", "is_youth_union_member": True}
    records.edit(candidate=person, values=values, version=fresh(person).version, by=world.north_officer)
    records.set_companion(
        candidate=person, model=person.introducers.model, row=None, version=fresh(person).version,
        values={"full_name": "Trần Văn Dẫn", "position": "", "from_on": date(2024, 1, 10),
                "together_since": PartialDate(2015), "is_replacement": False},
        by=world.north_officer,
    )  # fmt: skip
    give_certificate(fresh(person), date(2024, 3, 1))
    step(person, Step.DOSSIER, date(2024, 4, 1))
    client = as_user(world.north_officer)

    early = take(client, person, "branch_passed", day="31/08/2024")
    assert early.status_code == 422
    assert "Chưa đủ 36 tháng từ khi ra khỏi Đảng." in early.content.decode()
    assert take(client, person, "branch_passed", day="01/09/2024").status_code == 302
    kept = StageEvent.objects.get(candidate=person, step="branch_passed").verdict
    assert {"readmission": "met", "together": "met"}.items() <= {row["gate"]: row["outcome"] for row in kept}.items()

    person = advance(person, Stage.APPRAISED, [date(2024, 9, 5), date(2024, 9, 6), date(2024, 9, 9)])
    deciding = as_user(world.board_2)
    assert (
        "readmission_consent"
        in deciding.get(reverse("candidates:step", args=[person.pk, "decided"])).context["form"].fields
    )
    assert take(deciding, person, "decided", day="01/10/2024").status_code == 422
    assert take(deciding, person, "decided", day="01/10/2024", readmission_consent="215-CV/TU").status_code == 302
    assert StageEvent.objects.get(candidate=person, step="decided").snapshot["again"] is True

    # The facts of the record change afterwards: what was judged stays.
    FormerMembership.objects.update(left_on=date(2023, 1, 1))
    assert StageEvent.objects.get(candidate=person, step="branch_passed").verdict == kept
    assert "Chưa đủ 36 tháng" in client.get(person.get_absolute_url()).content.decode()
