"""Certificates: a whole class in one action, numbers, days, and the step `trained` that follows them."""

from datetime import date

import pytest
from django.urls import reverse

from candidates.actions.class_people import RowProblems
from candidates.actions.nominations import Participant, Verdict, nominate, nominate_participants, screen
from candidates.actions.results import Result, record_results
from candidates.models import Enrolment, TrainingClass
from candidates.pipeline import Stage, Step
from organizations.models import Change
from tests import factories
from tests.candidates.test_class_results import grade, passed, record
from tests.factories import enrol, finish, give_certificate, make_candidate, make_class

WHY = "Trung tâm cấp lại giấy do in sai số"
MAY_15 = date(2024, 5, 15)


@pytest.fixture
def training_class(world):
    return make_class(date(2024, 5, 6), date(2024, 5, 10))


@pytest.fixture
def people(world, training_class):
    """Three who passed, entered against the order of the list, and one who failed."""
    names = ("Vũ Văn Yên", "Đỗ Thị Đào", "Trần Văn An", "Vũ Văn Hỏng")
    rows = enrol(training_class, *[make_candidate(world.north_1, full_name=name) for name in names])
    return [finish(row, grade="failed" if row == rows[3] else "good") for row in rows]


def address(row: TrainingClass) -> str:
    return reverse("candidates:certificates", args=[row.pk])


def form_of(client, row: TrainingClass, **values) -> dict:
    """What the page sends, with changes."""
    form = client.get(address(row)).context["form"]
    data = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    return data | {"first_number": "099", "mark": "CN-TTCT", "issued_on": "15/5/2024"} | values


def issue(client, row: TrainingClass, **values):
    return client.post(address(row), form_of(client, row, **values))


def numbers(row: TrainingClass) -> dict[str, str]:
    found = row.enrolments.exclude(certificate_number="").select_related("candidate")
    return {str(one): one.certificate_number for one in found}


def trained(candidate) -> list[tuple]:
    """Number and day of the live event `trained`."""
    rows = candidate.events.filter(is_live=True, step=Step.TRAINED).order_by("pk")
    return [(event.facts["document"], event.happened_on) for event in rows]


# A whole class


def test_the_whole_class_gets_its_numbers_in_the_order_of_the_list(world, training_class, people, as_user):
    response = issue(as_user(world.center), training_class, decision="95-QĐ/TTCT")
    training_class.refresh_from_db()

    assert (response.status_code, response.url) == (302, training_class.get_absolute_url())
    assert numbers(training_class) == {
        "Trần Văn An": "099/CN-TTCT", "Đỗ Thị Đào": "100/CN-TTCT", "Vũ Văn Yên": "101/CN-TTCT",
    }  # fmt: skip
    assert training_class.certificate_decision == "95-QĐ/TTCT"
    assert set(training_class.enrolments.exclude(issued_on=None).values_list("issued_on", flat=True)) == {MAY_15}
    assert as_user(world.center).get(address(training_class)).context["people"] == []


def test_the_step_follows_on_the_day_of_issue_by_whoever_recorded_it(world, training_class, people, as_user):
    issue(as_user(world.board), training_class)
    person, failed = people[0].candidate, people[3].candidate
    person.refresh_from_db()
    failed.refresh_from_db()
    event = person.events.get(step=Step.TRAINED)

    assert (person.stage, failed.stage) == (Stage.TRAINED, Stage.SOURCE)
    assert trained(person) == [("101/CN-TTCT", MAY_15)]
    assert (event.by, event.unit) == (world.board, world.north_1)


def test_the_preview_shows_every_number_and_writes_nothing(world, training_class, people, as_user):
    client, since = as_user(world.center), Change.objects.count()
    response = issue(client, training_class, preview="1", decision="95-QĐ/TTCT")

    shown = [(row["name"], row["number"]) for row in response.context["people"]]
    assert response.status_code == 200
    assert shown == [("Trần Văn An", "099/CN-TTCT"), ("Đỗ Thị Đào", "100/CN-TTCT"), ("Vũ Văn Yên", "101/CN-TTCT")]
    assert (numbers(training_class), Change.objects.count()) == ({}, since)
    data = {bound.html_name: bound.value() for bound in response.context["form"]}
    assert client.post(address(training_class), data).status_code == 302
    assert numbers(training_class)["Vũ Văn Yên"] == "101/CN-TTCT"


@pytest.mark.parametrize("preview", [{}, {"preview": "1"}])
@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"first_number": "1a"}, "first_number", "chỉ gồm chữ số"),
        ({"first_number": ""}, "first_number", ""),
        ({"first_number": "123456789"}, "first_number", "8"),
        ({"mark": "x" * 21}, "mark", "20"),
        ({"issued_on": "9/5/2024"}, "issued_on", "Ngày cấp trước ngày bế giảng 10/05/2024."),
        ({"issued_on": "19/11/2024"}, "issued_on", "Ngày cấp chưa đến."),
        ({"issued_on": "31/2/2024"}, "issued_on", "không có thật"),
        ({"expected": "x"}, "expected", ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(values, field, words, preview, world, training_class, people, as_user):
    response = issue(as_user(world.center), training_class, **values, **preview)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert words in response.content.decode()
    assert numbers(training_class) == {}


def test_issued_on_the_last_day_itself(world, training_class, people, as_user):
    assert issue(as_user(world.center), training_class, issued_on="10/5/2024").status_code == 302


def test_a_list_that_changed_meanwhile_is_not_numbered(world, training_class, people, as_user):
    client = as_user(world.center)
    data = form_of(client, training_class)
    finish(people[3], grade="average")
    response = client.post(address(training_class), data)

    assert response.status_code == 422
    assert "nay có 4 người, trang hiện 3" in response.content.decode()
    assert numbers(training_class) == {}
    assert issue(client, training_class).status_code == 302


def test_a_class_edited_meanwhile_is_a_conflict(world, training_class, people, as_user):
    client = as_user(world.center)
    data = form_of(client, training_class)
    TrainingClass.objects.update(version=7)
    response = client.post(address(training_class), data)
    assert (response.status_code, numbers(training_class)) == (409, {})

    again = {bound.html_name: bound.value() for bound in response.context["form"]}
    assert client.post(address(training_class), again).status_code == 302


def test_before_the_end_nobody_has_a_result_and_no_certificate(world, as_user):
    client, running = as_user(world.center), make_class(date(2024, 11, 14), date(2024, 11, 19))
    (row,) = enrol(running, make_candidate(world.north_1))
    response = record(running, client, **{f"e{row.pk}": passed("", score="8")})

    assert response.status_code == 422
    assert "Lớp học đến hết ngày 19/11/2024, chưa ghi học xong được" in response.content.decode()
    empty = issue(client, running, expected="0", version=running.version, issued_on="18/11/2024")
    assert empty.status_code == 422
    assert "Không có ai học xong, đạt mà chưa có giấy chứng nhận" in str(empty.context["form"].errors)


def test_members_of_committees_get_certificates_too(world, as_user):
    course = make_class(date(2024, 5, 6), date(2024, 5, 7), kind="committee")
    typed = [Participant("Đỗ Thị Hoà", "Bí thư"), Participant("Lê Văn An", "Phó bí thư")]
    rows = nominate_participants(training_class=course, unit=world.north, people=typed, by=world.center)
    screen(training_class=course, verdicts=[Verdict(row.pk, 1, True) for row in rows], by=world.center)
    for row in rows:
        finish(row)

    assert issue(as_user(world.center), course, first_number="7", mark="").status_code == 302
    assert numbers(course) == {"Lê Văn An": "7", "Đỗ Thị Hoà": "8"}


# One number, one certificate


def certified_elsewhere(world, number: str, issued_on: date, kind: str = "awareness"):
    person = make_candidate(world.south_1, full_name="Phạm Văn Trước", started=date(2020, 1, 6))
    if kind == "new_member":
        dates = [date(2021, m, 1) for m in range(1, 9)]
        person = factories.advance(person, Stage.ADMITTED, dates)
    return give_certificate(person, issued_on, number, kind=kind)


@pytest.mark.parametrize(
    ("number", "issued_on", "kind", "is_free"),
    [
        ("100/CN-TTCT", date(2024, 4, 26), "awareness", False),
        ("100/CN-TTCT", date(2024, 1, 5), "awareness", False),
        ("100/CN-TTCT", date(2023, 12, 29), "awareness", True),
        ("100/CN-TTCT", date(2024, 4, 26), "new_member", True),
        ("102/CN-TTCT", date(2024, 4, 26), "awareness", True),
    ],
)
def test_a_number_is_given_once_a_year_in_each_kind(
    number, issued_on, kind, is_free, world, training_class, people, as_user
):
    certified_elsewhere(world, number, issued_on, kind)
    response = issue(as_user(world.center), training_class)

    if is_free:
        assert response.status_code == 302, response.context["form"].errors
    else:
        words = "Số 100/CN-TTCT năm 2024 đã cấp cho Phạm Văn Trước."
        assert response.context["form"].errors == {"first_number": [words]}
        assert issue(as_user(world.center), training_class, preview="1").context["form"].errors == {
            "first_number": [words]
        }
        assert numbers(training_class) == {}
        training_class.refresh_from_db()
        assert training_class.certificate_decision == ""


def test_the_next_number_of_the_year_is_offered(world, training_class, people, as_user):
    assert as_user(world.center).get(address(training_class)).context["form"]["first_number"].value() == ""
    certified_elsewhere(world, "098/CN-TTCT", date(2024, 4, 26))
    certified_elsewhere(world, "120/CN-TTCT", date(2023, 4, 28))

    assert as_user(world.center).get(address(training_class)).context["form"]["first_number"].value() == "099"


def test_a_number_of_another_kind_is_refused_on_the_same_day(world, training_class, people, as_user):
    """Marks of the kinds differ, so that this happens by mistake alone."""
    certified_elsewhere(world, "100/CN-TTCT", MAY_15, "new_member")
    response = issue(as_user(world.center), training_class)

    words = "Đỗ Thị Đào: Số 100/CN-TTCT đã cấp cho người khác trong cùng ngày."
    assert response.context["form"].errors == {"__all__": [words]}
    assert numbers(training_class) == {}


def test_two_people_exchange_their_numbers_in_one_table(world, training_class, people, as_user):
    client = as_user(world.center)
    issue(client, training_class)
    yen, dao = people[:2]
    swapped = {f"e{yen.pk}": {"certificate_number": "100/CN-TTCT"}, f"e{dao.pk}": {"certificate_number": "101/CN-TTCT"}}
    response = record(training_class, client, reason=WHY, **swapped)

    assert response.status_code == 302, response.context["form"].errors
    assert numbers(training_class) == {
        "Trần Văn An": "099/CN-TTCT", "Vũ Văn Yên": "100/CN-TTCT", "Đỗ Thị Đào": "101/CN-TTCT",
    }  # fmt: skip
    assert trained(yen.candidate) == [("100/CN-TTCT", MAY_15)]
    assert trained(dao.candidate) == [("101/CN-TTCT", MAY_15)]


def test_a_number_given_up_in_the_table_is_free_for_the_next_row(world, training_class, people, as_user):
    client = as_user(world.center)
    issue(client, training_class)
    yen, dao, an, _ = people
    moved = {f"e{row.pk}": {"certificate_number": new} for row, new in ((an, "100/CN-TTCT"), (dao, "101/CN-TTCT"))}
    moved[f"e{yen.pk}"] = {"certificate_number": "102/CN-TTCT"}

    assert record(training_class, client, reason=WHY, **moved).status_code == 302
    assert set(numbers(training_class).values()) == {"100/CN-TTCT", "101/CN-TTCT", "102/CN-TTCT"}


# Who holds it


def test_a_person_who_moved_is_trained_where_the_class_was(world, training_class, people, as_user):
    person = people[0].candidate
    factories.step(person, Step.MOVED, date(2024, 6, 3), by=world.board, unit=world.south_1, reason="Chuyển về quê")
    response = issue(as_user(world.center), training_class)
    person.refresh_from_db()

    assert response.status_code == 302, response.context["form"].errors
    assert (person.stage, person.unit) == (Stage.TRAINED, world.south_1)
    assert person.events.get(step=Step.TRAINED).unit == world.north_1


def stop(person, on: date):
    reason = "Đi lao động ở nước ngoài"
    factories.step(person, Step.STOPPED, on, by=factories.officer_of(person.unit), reason=reason)


def test_a_person_stopped_since_the_certificate_was_earned_is_trained_before_that(
    world, training_class, people, as_user
):
    person = people[0].candidate
    stop(person, date(2024, 6, 3))
    response = issue(as_user(world.center), training_class)
    person.refresh_from_db()

    assert response.status_code == 302, response.context["form"].errors
    assert (person.stage, person.status) == (Stage.TRAINED, "stopped")
    assert trained(person) == [("101/CN-TTCT", MAY_15)]


def test_a_person_stopped_before_the_day_of_issue_is_named_and_the_others_get_theirs(
    world, training_class, people, as_user
):
    client = as_user(world.center)
    stop(people[0].candidate, date(2024, 5, 13))
    preview = issue(client, training_class, preview="1")
    assert preview.context["left_out"] == ["Vũ Văn Yên"]
    assert "Chưa cấp được cho:" in preview.content.decode()

    data = {bound.html_name: bound.value() for bound in preview.context["form"]}
    assert client.post(address(training_class), data).status_code == 302
    assert numbers(training_class) == {"Trần Văn An": "099/CN-TTCT", "Đỗ Thị Đào": "100/CN-TTCT"}


def test_in_the_dossier_a_second_certificate_changes_no_step(world, training_class, as_user):
    days = [date(2019, 3, 4), date(2019, 6, 3)]
    person = factories.advance(make_candidate(world.north_1, started=date(2018, 11, 5)), Stage.DOSSIER, days)
    before = trained(person)
    (row,) = enrol(training_class, person)
    finish(row, MAY_15)
    person.refresh_from_db()

    assert person.stage == Stage.DOSSIER
    assert (trained(person), before[0][1]) == (before, date(2019, 3, 4))
    assert person.enrolments.certificates().count() == 2


def test_every_attempt_is_kept(world, training_class, as_user):
    """Failed, left, passed, passed again: four rows, one step."""
    person = make_candidate(world.north_1, full_name="Vũ Văn Nam")
    finish(enrol(make_class(date(2022, 5, 9)), person)[0], grade="failed")
    Enrolment.objects.filter(pk=enrol(make_class(date(2022, 9, 5)), person)[0].pk).update(state="dropped")
    give_certificate(person, date(2023, 3, 3), "01/CN")
    finish(enrol(training_class, person)[0], MAY_15, "02/CN")
    rows = Enrolment.objects.with_attempt().order_by("training_class__from_on")

    assert [(row.attempt, row.state, row.is_passed, row.certificate_number) for row in rows] == [
        (1, "finished", False, ""),
        (2, "dropped", None, ""),
        (3, "finished", True, "01/CN"),
        (4, "finished", True, "02/CN"),
    ]
    assert trained(person) == [("01/CN", date(2023, 3, 3))]
    page = as_user(world.north_officer).get(person.get_absolute_url()).content.decode()
    assert all(words in page for words in ("01/CN", "02/CN", "lần học thứ 4", "Học lớp, bỏ học"))


@pytest.mark.parametrize("state", ["nominated", "waiting", "refused", "withdrawn"])
def test_whoever_does_not_attend_gets_no_result(state, world, training_class):
    person = make_candidate(world.north_1)
    (row,) = nominate(training_class=training_class, candidates=[person], by=world.board)
    Enrolment.objects.update(state=state, reason=WHY)
    row.refresh_from_db()
    since = Change.objects.count()
    result = Result(row.pk, row.version, "finished", grade=grade("good"), certificate_number="01/CN", issued_on=MAY_15)
    with pytest.raises(RowProblems) as found:
        record_results(training_class=training_class, results=[result], by=world.center)

    assert "Chưa được ghi danh vào lớp" in found.value.rows[row.pk][""][0]
    row.refresh_from_db()
    assert (row.state, row.certificate_number, Change.objects.count()) == (state, "", since)


def test_the_class_of_new_members_moves_no_step(world):
    dates = [date(2021, m, 1) for m in range(1, 9)]
    person = factories.advance(make_candidate(world.north_1, started=date(2020, 1, 6)), Stage.ADMITTED, dates)
    before, step = person.stage, trained(person)
    give_certificate(person, MAY_15, kind="new_member")
    person.refresh_from_db()

    assert (person.stage, trained(person)) == (before, step)


# A certificate that is dropped

DROP = {"certificate_number": "", "issued_on": ""}


def drop(client, row: Enrolment, reason: str = WHY):
    return record(row.training_class, client, reason=reason, **{f"e{row.pk}": DROP})


def test_a_certificate_dropped_takes_the_step_with_it(world, as_user):
    person = make_candidate(world.north_1)
    row = give_certificate(person, MAY_15)
    assert drop(as_user(world.center), row, reason="").status_code == 422
    assert drop(as_user(world.center), row).status_code == 302
    person.refresh_from_db()

    assert (person.stage, trained(person)) == (Stage.SOURCE, [])


def test_a_dropped_certificate_hands_the_step_to_the_other_one(world, as_user):
    person = make_candidate(world.north_1)
    first = give_certificate(person, date(2023, 3, 3), "01/CN")
    second = give_certificate(person, MAY_15, "02/CN")
    client = as_user(world.center)
    assert drop(client, first).status_code == 302
    assert trained(person) == [("02/CN", MAY_15)]

    assert drop(client, second).status_code == 302
    person.refresh_from_db()
    assert (person.stage, trained(person)) == (Stage.SOURCE, [])


def test_dropping_a_later_certificate_leaves_the_step(world, as_user):
    person = make_candidate(world.north_1)
    give_certificate(person, date(2023, 3, 3), "01/CN")
    second = give_certificate(person, MAY_15, "02/CN")

    assert drop(as_user(world.center), second).status_code == 302
    assert trained(person) == [("01/CN", date(2023, 3, 3))]


@pytest.mark.parametrize(
    ("later", "words"),
    [(False, "Đã có bước sau dựa trên giấy chứng nhận này"), (True, "không còn hợp lệ")],
)
def test_the_certificate_a_dossier_rests_on_is_not_dropped(later, words, world, as_user):
    """Nor exchanged for one that came after the dossier. The Centre does not learn of the steps."""
    person = factories.advance(make_candidate(world.north_1), Stage.DOSSIER, [date(2023, 3, 3), date(2023, 6, 1)])
    row = person.enrolments.get()
    if later:
        give_certificate(person, MAY_15)
    response = drop(as_user(world.board), row)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert "không nhận được giấy như vậy" in drop(as_user(world.center), row).content.decode()
    row.refresh_from_db()
    assert row.issued_on == date(2023, 3, 3)
    assert trained(person) == [(row.certificate_number, row.issued_on)]
