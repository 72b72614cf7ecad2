"""Every difference in any table is found in the history, and every entry of the history in a difference."""

import re
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from candidates.actions import (
    appraisal,
    catalogue,
    certificates,
    class_catalogue,
    classes,
    corrections,
    delegated,
    dossier,
    introductions,
    nominations,
    readmission,
    records,
    result_file,
    results,
    reviewing,
    rules,
    sessions,
)
from candidates.dossier import State
from candidates.models import (
    CalendarYear,
    Candidate,
    DossierForm,
    Helper,
    ReturnedPoint,
    ReviewCase,
    RuleSet,
    SessionItem,
)
from candidates.pipeline import Stage, Step
from organizations.actions import accounts, assignments, passwords, proposals, units
from organizations.actions.assignments import Post
from organizations.models import Assignment, Change, Organization, Proposal
from organizations.permissions import Role
from reports import actions as reports
from targets import actions as targets
from targets.models import AdmissionPlan, TargetRule, YearlyTarget
from tests import factories
from tests.journeys import tables

ROOT = Path(__file__).parents[2]

WHY = "Nhập nhầm số trên văn bản"


def fresh(candidate):
    return Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)


def person(world, stage=Stage.SOURCE):
    return factories.advance(factories.make_candidate(world.north_1), stage)


def enter(world):
    factories.make_candidate(world.north_1)


def take_over(world):
    candidate = factories.backfilled(world.north_1, official_on=date(2022, 4, 20))
    event = candidate.events.get(step=Step.ADMITTED)
    put_right = corrections.Correction(event, date(2021, 3, 20), event.facts)
    corrections.correct_events(
        candidate=candidate, corrections=[put_right], reason=WHY, version=candidate.version, by=world.board
    )


def step(world):
    factories.step(person(world, Stage.TRAINED), Step.DOSSIER, date(2022, 9, 1))


def certificate(world):
    factories.give_certificate(person(world), date(2022, 9, 1))


def correct(world):
    candidate = person(world, Stage.SUBMITTED)
    event = candidate.events.get(step=Step.BRANCH_PASSED)
    put_right = corrections.Correction(event, event.happened_on, event.facts | {"votes": 10})
    corrections.correct_events(
        candidate=candidate, corrections=[put_right], reason=WHY, version=candidate.version, by=world.north_officer
    )


def withdraw(world):
    candidate = person(world, Stage.DOSSIER)
    last = candidate.events.filter(is_live=True).order_by("-happened_on", "-place").first()
    corrections.withdraw_last(
        candidate=candidate, event=last, reason=WHY, version=candidate.version, by=world.north_officer
    )


def withdraw_everything(world):
    candidate = person(world)
    last = candidate.events.get()
    corrections.withdraw_last(
        candidate=candidate, event=last, reason=WHY, version=candidate.version, by=world.north_officer
    )


def move(world):
    factories.step(person(world), Step.MOVED, date(2022, 9, 1), by=world.board, unit=world.south_1, reason=WHY)


def edit(world):
    candidate = person(world)
    values = {"full_name": "Đặng Thị Hòa", "identity_number": factories.identity(), "religion": "catholic"}
    records.edit(candidate=candidate, values=values, version=candidate.version, by=world.north_officer)


def companion(world):
    candidate = person(world)
    values = {"full_name": "Trần Văn Đảng", "position": "Bí thư chi bộ", "from_on": date(2022, 4, 1)}
    records.set_companion(
        candidate=candidate, model=Helper, row=None, values=values, version=candidate.version, by=world.north_officer
    )


def _struck_off(world) -> Candidate:
    candidate = person(world, Stage.ADMITTED)
    factories.step(candidate, Step.STRUCK_OFF, date(2023, 9, 1), by=world.board, document="77-QĐ/HU", reason=WHY)
    return fresh(candidate)


def readmit(world):
    """Once by mistake, withdrawn, and once more."""
    struck_off = _struck_off(world)
    values = {"candidate": struck_off, "values": {}, "entered_on": date(2024, 3, 1), "by": world.north_officer}
    mistaken = readmission.readmit(**values)
    corrections.withdraw_last(
        candidate=mistaken, event=mistaken.events.get(), reason=WHY, version=mistaken.version, by=world.north_officer
    )
    readmission.readmit(**values)


def former_member(world):
    candidate = person(world)
    told = {"left_on": date(2015, 3, 1), "how": "expelled", "document": "12-QĐ/HU"}
    for values in (told, {"left_on": date(2015, 3, 2)}, None):
        version = fresh(candidate).version
        readmission.record_former(candidate=candidate, values=values, version=version, by=world.north_officer)


def _draft(world) -> ReviewCase:
    known = factories.make_candidate(world.south_1)
    factories.make_candidate(world.north_1, identity_number=known.identity_number)
    return ReviewCase.objects.get()


def outside_match(world):
    _draft(world)


def _resolve(world, outcome):
    case = _draft(world)
    reviewing.resolve_case(
        case=case, outcome=outcome, reason=WHY, happened_on=date(2024, 3, 1), version=case.version, by=world.board
    )


def merge(world):
    _resolve(world, "merged")


def transfer(world):
    _resolve(world, "transferred")


def clear(world):
    known = factories.make_candidate(world.south_1, full_name="Vũ Thị Nhạn")
    number = known.identity_number
    factories.make_candidate(world.north_1, full_name="Vũ Văn Nhị", identity_number=number)
    case = ReviewCase.objects.get()
    values = {"identity_number": factories.identity()}
    records.edit(candidate=known, values=values, version=known.version, by=world.south_officer)
    reviewing.resolve_case(
        case=case, outcome="cleared", reason=WHY, happened_on=date(2024, 3, 1), version=case.version, by=world.board
    )


def number_of_somebody_else(world):
    """An edit that runs into a foreign number is not saved; the Board is asked."""
    known, own = factories.make_candidate(world.south_1), factories.make_candidate(world.north_1)
    values = {"identity_number": known.identity_number}
    records.edit(candidate=own, values=values, version=own.version, by=world.north_officer)


def _introduced(world) -> Candidate:
    values = {"full_name": "Lê Thị Mận", "sex": "female"}
    return introductions.introduce(
        values=values, unit=world.north_1, body="youth_union", introduced_on=date(2024, 3, 1), by=world.youth
    )


def introduce_and_accept(world):
    candidate = _introduced(world)
    introductions.accept(
        candidate=candidate, happened_on=date(2024, 3, 9), version=candidate.version, by=world.north_officer
    )


def introduce_and_decline(world):
    candidate = _introduced(world)
    introductions.decline(candidate=candidate, reason=WHY, version=candidate.version, by=world.north_officer)


def spelling(world):
    candidate = person(world)
    values = {"full_name": candidate.full_name.replace("ễ", "ể")}
    records.edit(candidate=candidate, values=values, version=candidate.version, by=world.board)


def delegate(world):
    candidate = person(world, Stage.COMMITTEE_PASSED)
    proposal = delegated.propose_decision(
        candidate=candidate,
        happened_on=date(2024, 3, 1),
        facts={"document": "12-QĐ/ĐU"},
        version=candidate.version,
        by=world.north_officer,
    )
    proposals.confirm(proposal=proposal, version=proposal.version, by=world.board)


def correct_certificate(world):
    enrolment = factories.give_certificate(person(world), date(2022, 9, 1))
    other = results.Result(
        enrolment.pk,
        enrolment.version,
        "finished",
        grade=enrolment.grade_id,
        certificate_number="777/CN-TTCT",
        issued_on=date(2022, 9, 2),
    )
    results.record_results(training_class=enrolment.training_class, results=[other], reason=WHY, by=world.center)


def _coming(world, capacity=1):
    """A class to come with one person who sits in it and one who waits."""
    coming = factories.make_class(date(2024, 12, 2), date(2024, 12, 6), capacity=capacity)
    return coming, factories.enrol(coming, person(world), person(world))


def change_a_class(world):
    coming, _ = _coming(world)
    names = ("number", "year", "from_on", "to_on", "place", "opening_decision")
    values = {name: getattr(coming, name) for name in names} | {"capacity": 2, "from_on": date(2024, 12, 3)}
    classes.edit_class(training_class=coming, values=values, version=coming.version, by=world.center)


def call_off_a_class(world):
    coming, _ = _coming(world)
    classes.call_off(training_class=coming, reason="Hội trường đang sửa chữa", version=coming.version, by=world.center)


def plan_the_lessons(world):
    coming = factories.make_class(date(2024, 12, 2))
    values = classes.LessonValues(date(2024, 12, 6), "evening", "Giải đáp", "Lê Văn Giảng")
    more = classes.LessonValues(date(2024, 12, 5), "evening")
    classes.plan_lessons(training_class=coming, lessons={1: values, 11: more}, versions={1: 1}, by=world.center)


def leave_a_class(world):
    """The waiting list moves up."""
    _, (first, _) = _coming(world)
    nominations.change(enrolment=first, move="rut", reason="Đi công tác xa", version=first.version, by=world.center)


def call_up(world):
    """After the first day nobody moves up by themselves."""
    running = factories.make_class(date(2024, 11, 12), date(2024, 11, 22), capacity=1)
    first, _ = factories.enrol(running, person(world), person(world))
    nominations.change(enrolment=first, move="bo-hoc", reason="Đi công tác xa", version=first.version, by=world.center)
    nominations.fill_places(training_class=running, by=world.center)


def send_members_of_committees(world):
    course = factories.make_class(date(2024, 12, 2), kind="committee")
    people = [nominations.Participant("Trần Văn Bí", "Bí thư chi bộ")]
    nominations.nominate_participants(training_class=course, unit=world.north, people=people, by=world.north_officer)


def refuse_a_nomination(world):
    coming = factories.make_class(date(2024, 12, 2))
    (row,) = nominations.nominate(training_class=coming, candidates=[person(world)], by=world.north_officer)
    verdict = nominations.Verdict(row.pk, row.version, False, "Chưa tốt nghiệp trung học cơ sở")
    nominations.screen(training_class=coming, verdicts=[verdict], by=world.center)


def take_attendance(world):
    held = factories.make_class(date(2024, 10, 7))
    (row,) = factories.enrol(held, person(world))
    lesson = held.lessons.get(number=1)
    classes.take_attendance(lesson=lesson, marks={row.pk: "present"}, version=1, by=world.center)
    classes.take_attendance(lesson=lesson, marks={row.pk: "absent"}, version=2, by=world.center)


def give_certificates(world):
    held = factories.make_class(date(2024, 10, 7))
    for row in factories.enrol(held, person(world), person(world)):
        factories.finish(row)
    certificates.issue_certificates(
        training_class=held, first_number="101", mark="CN-TTCT", issued_on=date(2024, 10, 20),
        decision="95-QĐ/TTCT", expected=2, version=held.version, by=world.center,
    )  # fmt: skip


def take_results_from_a_file(world):
    held = factories.make_class(date(2024, 10, 7))
    (row,) = factories.enrol(held, person(world))
    file = result_file.keep_file(training_class=held, name="Kết quả.xlsx", content=b"PK", by=world.center)
    passed = results.Result(row.pk, row.version, "finished", score=Decimal("7.5"))
    result_file.apply_file(file=file, results=[passed], by=world.center)


def keep_the_kinds(world):
    values = {"name": "Kỹ năng công tác Đảng", "purpose": "committee", "lessons": 4}
    made = class_catalogue.save_kind(kind=None, values=values, version=1, by=world.center)
    class_catalogue.save_kind(kind=made, values={"is_active": False}, version=1, by=world.center)


def keep_the_scale(world):
    values = {"name": "Đạt yêu cầu", "from_score": Decimal("6"), "is_pass": True}
    made = class_catalogue.save_grade(grade=None, values=values, version=1, by=world.center)
    class_catalogue.save_grade(grade=made, values={"from_score": Decimal("6.5")}, version=1, by=world.center)


def branches(world):
    factories.make_branches(world.south, "Chi bộ thôn Tây", "Chi bộ Trường THCS")


def rename(world):
    units.rename(
        organization=world.north_1,
        name="Chi bộ thôn Hội An",
        short_name="Thôn Hội An",
        on=date(2024, 1, 1),
        reason=WHY,
        version=world.north_1.version,
        by=world.north_officer,
    )


def figure(world):
    values = {"on": date(2024, 1, 1), "members": 120, "source": "Sổ danh sách đảng viên"}
    units.record_figure(organization=world.north, values=values, by=world.board)
    units.record_figure(organization=world.north, values=values | {"members": 121}, by=world.board)


def withdraw_a_figure(world):
    recorded = world.north.figures.get()
    units.withdraw_figure(figure=recorded, reason=WHY, version=recorded.version, by=world.board)


def open_a_unit(world):
    values = {"kind": "grassroots_other", "form": "cell", "sector": "agency", "code": "", "opened_on": date(2024, 1, 1)}
    names = {"name": "Chi bộ Kho bạc Nhà nước huyện", "short_name": "Kho bạc Nhà nước huyện"}
    units.open_unit(parent=world.district, values=values | names, by=world.board)


def revise(world):
    targets.revise(
        plan=world.plan, organization=world.north, year=2024, minimum=4, maximum=6, decided_on=date(2024, 2, 1),
        reason=WHY, document="12-QĐ/HU", version=len(world.plan.years), by=world.board,
    )  # fmt: skip


def plan(world):
    values = {name: getattr(world.plan, name) for name in targets.WINDOWS}
    values |= {"term_is_confirmed": True, "counting_basis": AdmissionPlan.Basis.CEREMONY}
    targets.edit_plan(
        plan=world.plan, values=values, reason=WHY, document="13-QĐ/HU", version=world.plan.version, by=world.board
    )


def opening(world):
    values = {"from_on": date(2021, 1, 1), "to_on": date(2021, 6, 30), "count": 4, "women": 1, "document": "5-BC/ĐU"}
    balance = targets.add_opening_balance(plan=world.plan, organization=world.north, values=values, by=world.board)
    targets.edit_opening_balance(
        balance=balance, values=values | {"count": 5}, reason=WHY, version=balance.version, by=world.board
    )


def letterhead(world):
    values = dict.fromkeys(reports.FIELDS, "Huyện ủy Vũ Thư")
    reports.edit_letterhead(organization=world.north, values=values, version=0, by=world.board)
    reports.edit_letterhead(organization=world.north, values=values | {"place": "Vũ Thư"}, version=1, by=world.board)


def account(world):
    user = accounts.create_account(username="can-bo-moi", values={"full_name": "Đỗ Thị Hiền"}, by=world.admin)
    accounts.edit_account(user=user, values={"position": "Chuyên viên"}, version=user.version, by=world.admin)
    accounts.reset_password(user=user, reason=WHY, by=world.admin)
    user.refresh_from_db()
    assert passwords.use_first_password(user=user)
    passwords.change_password(user=user, password="mat-khau-moi-cua-toi", by=user)
    for is_active in (False, True):
        user.refresh_from_db()
        accounts.set_active(user=user, is_active=is_active, reason=WHY, version=user.version, by=world.admin)


def _propose(world, role, place, **values) -> Proposal:
    post = Post(role, place, date(2024, 11, 18), **values)
    return assignments.assign(user=world.nobody, post=post, reason=WHY, by=world.admin)


def give_and_end_a_role(world):
    other = assignments.assign(
        user=world.nobody, post=Post(Role.SYSTEM_ADMIN, world.area, date(2024, 11, 18)), by=world.admin
    )
    assignments.end_assignment(
        assignment=other, ends_on=date(2024, 11, 20), reason=WHY, version=other.version, by=world.admin
    )


def confirm_a_role(world):
    proposal = _propose(world, Role.UNIT_OFFICER, world.south)
    proposals.confirm(proposal=proposal, version=proposal.version, by=world.board)


def replace_the_head(world):
    proposal = _propose(world, Role.ORGANIZATION_BOARD, world.district, is_head=True, replaces_head=True)
    proposals.confirm(proposal=proposal, version=proposal.version, by=world.board)


def refuse_a_role(world):
    proposal = _propose(world, Role.UNIT_OFFICER, world.south)
    proposals.refuse(proposal=proposal, reason=WHY, version=proposal.version, by=world.board)


def withdraw_a_role(world):
    proposal = _propose(world, Role.UNIT_OFFICER, world.south)
    proposals.withdraw(proposal=proposal, version=proposal.version, by=world.admin)


def reset_by_two(world):
    proposal = accounts.reset_password(user=world.south_officer, reason=WHY, by=world.admin)
    proposals.confirm(proposal=proposal, version=proposal.version, by=world.board)


def recover_on_the_console(world):
    accounts.recover(username="head", reason=WHY)


def first_officers(world):
    names = {"board_name": "Đỗ Văn Ất", "admin_name": "Vũ Thị Giáp"}
    accounts.create_first_officers(board_username="ban-tc", admin_username="quan-tri", **names)


def load_the_plan(world):
    call_command("load_plan", stdout=StringIO())


def keep_papers(world):
    candidate = person(world, Stage.DOSSIER)
    form = DossierForm.objects.get(key="1-knd")
    for state, number in (("handwriting", ""), ("in", "01")):
        papers = [dossier.PaperValues(form, 1, State(state), number, date(2022, 6, 1))]
        dossier.save_dossier(candidate=candidate, papers=papers, version=fresh(candidate).version, by=world.board)


def _returned(world) -> Candidate:
    candidate = person(world, Stage.DOSSIER)
    factories.give_papers(candidate)
    candidate = factories.advance(candidate, Stage.SUBMITTED)
    form = DossierForm.objects.get(key="1-knd")
    found = appraisal.Findings(returned=(appraisal.Returned("Đơn chưa ghi ngày tháng", form),))
    appraisal.return_dossier(
        candidate=candidate, findings=found, redo_from="nothing", happened_on=date(2022, 9, 20),
        version=candidate.version, by=world.board,
    )  # fmt: skip
    return fresh(candidate)


def return_and_pass(world):
    candidate = _returned(world)
    (point,) = ReturnedPoint.objects.all()
    words = {point.pk: "Đã viết lại đơn"}
    dossier.save_dossier(candidate=candidate, answers=words, version=candidate.version, by=world.north_officer)
    form = DossierForm.objects.get(key="1-knd")
    papers = [dossier.PaperValues(form, 1, State.IN, "02", date(2022, 9, 22))]
    dossier.save_dossier(candidate=candidate, papers=papers, version=fresh(candidate).version, by=world.north_officer)
    factories.step(candidate, Step.SUBMITTED, date(2022, 9, 27))
    candidate = fresh(candidate)
    appraisal.appraise(
        candidate=candidate, findings=appraisal.Findings(accepted=(point.pk,)), asked=[], document="18-TTr/BTC",
        happened_on=date(2022, 9, 28), version=candidate.version, by=world.board,
    )  # fmt: skip


def answer_a_point(world):
    candidate = _returned(world)
    words = {ReturnedPoint.objects.get().pk: "Đã viết lại đơn"}
    dossier.save_dossier(candidate=candidate, answers=words, version=candidate.version, by=world.north_officer)


def _session(world):
    session = sessions.open_session(
        organization=world.district, held_on=date(2022, 9, 28), name="Kỳ họp thứ 52", by=world.board
    )
    people = [person(world, Stage.APPRAISED) for _ in range(2)]
    sessions.put_on_list(session=session, candidates=[one.pk for one in people], version=1, by=world.board)
    return session, list(SessionItem.objects.order_by("pk"))


def open_a_session(world):
    sessions.open_session(organization=world.district, held_on=date(2022, 9, 28), name="", by=world.board)


def put_off_a_session(world):
    session, _ = _session(world)
    sessions.edit_session(session=session, held_on=date(2022, 10, 5), name="Kỳ họp thứ 53", version=2, by=world.board)


def cancel_a_session(world):
    session, _ = _session(world)
    sessions.cancel_session(session=session, reason="Ban Thường vụ lùi lịch", version=2, by=world.board)


def fill_a_session(world):
    session, (first, _) = _session(world)
    sessions.take_off_list(session=session, item=first.pk, reason="Chờ thêm ý kiến", version=2, by=world.board)


def hold_a_session(world):
    session, (first, second) = _session(world)
    outcomes = {
        first.pk: sessions.Decided("agree", {"document": "1024-QĐ/HU"}),
        second.pk: sessions.Decided("hold", {"reason": "Chờ ý kiến thẩm tra bổ sung"}),
    }
    sessions.record_outcomes(
        session=session, outcomes=outcomes, happened_on=date(2022, 9, 28), version=2, by=world.board_2
    )


def keep_the_catalogue(world):
    values = {"name": "Bản kiểm điểm", "code": "20-X", "needed_for": "branch_passed"}
    made = catalogue.save_form(form=None, values=values, version=1, by=world.board)
    catalogue.save_form(form=made, values={"is_required": False}, version=1, by=world.board)


def keep_the_questions(world):
    words = {"text": "Có đủ chữ ký không?", "wording": "Văn bản còn thiếu chữ ký."}
    made = catalogue.save_question(question=None, values=words, version=1, by=world.board)
    catalogue.save_question(question=made, values={"is_active": False}, version=1, by=world.board)


def load_the_rules(world):
    call_command("load_rules", stdout=StringIO())


def revise_the_rules(world):
    current = RuleSet.objects.get(regime="24-qd-tw")
    rules.revise_rule_set(
        current=current,
        values={"decision_days": 45},
        citations={"decision": "Công văn 12-CV/BTC"},
        reason=WHY,
        by=world.board,
    )


def set_the_local_limits(world):
    rules.set_local_limits(days={"submitted": 10}, document="", version=0, by=world.board)
    rules.set_local_limits(days={"submitted": 12, "decided": 9}, document="7-TB/HU", version=1, by=world.board)


def keep_the_calendar(world):
    year = rules.add_calendar_year(year=2028, by=world.board)
    days = [{"day": "2028-01-26", "kind": "off", "name": "Tết", "source": "Thông báo 1"}]
    rules.save_calendar_year(
        year=year, days=days, is_confirmed=True, document="Thông báo 1", note="", version=1, by=world.board
    )


# What the world lacks for some of them: done without a word, before anything is compared.
PREPARE = {
    withdraw_a_figure: figure,
    delegate: lambda world: Organization.objects.filter(pk=world.north.pk).update(delegated_admission=True),
    first_officers: lambda world: Assignment.objects.filter(role=Role.ORGANIZATION_BOARD).update(
        ends_on=date(2024, 1, 1), is_head=False
    ),
    load_the_rules: lambda world: [model.objects.all().delete() for model in (RuleSet, CalendarYear)],
    load_the_plan: lambda world: [model.objects.all().delete() for model in (YearlyTarget, TargetRule, AdmissionPlan)],
}
# What is done, and the words the history has for it.
ROAD = "candidate.enter class.open class.nominate class.screen class.result candidate.step"
DOSSIER = f"{ROAD} candidate.edit candidate.papers"
ACTIONS = {
    enter: "candidate.enter",
    take_over: "candidate.backfill candidate.correct",
    step: ROAD,
    certificate: ROAD,
    correct_certificate: f"{ROAD} candidate.correct",
    correct: f"{ROAD} candidate.correct",
    withdraw: f"{ROAD} candidate.withdraw",
    withdraw_everything: "candidate.enter candidate.withdraw",
    move: "candidate.enter candidate.step",
    edit: "candidate.enter candidate.edit",
    spelling: "candidate.enter candidate.spelling",
    companion: "candidate.enter candidate.companions",
    readmit: f"{ROAD} candidate.readmit candidate.withdraw",
    former_member: "candidate.enter candidate.former",
    outside_match: "candidate.enter",
    merge: "candidate.enter candidate.review",
    transfer: "candidate.enter candidate.review candidate.transfer",
    clear: "candidate.enter candidate.edit candidate.review",
    number_of_somebody_else: "candidate.enter candidate.review_asked",
    introduce_and_accept: "candidate.introduce candidate.accept",
    introduce_and_decline: "candidate.introduce candidate.decline",
    delegate: f"{ROAD} candidate.delegated proposal.confirmed",
    change_a_class: "candidate.enter class.open class.nominate class.screen class.edit",
    call_off_a_class: "candidate.enter class.open class.nominate class.screen class.call_off",
    plan_the_lessons: "class.open class.lessons",
    leave_a_class: "candidate.enter class.open class.nominate class.screen class.change",
    call_up: "candidate.enter class.open class.nominate class.screen class.change class.move_up",
    send_members_of_committees: "class.open class.nominate",
    refuse_a_nomination: "candidate.enter class.open class.nominate class.screen",
    take_attendance: "candidate.enter class.open class.nominate class.screen class.attendance",
    give_certificates: f"{ROAD} class.certificates",
    take_results_from_a_file: "candidate.enter class.open class.nominate class.screen class.result_file class.result",
    keep_the_kinds: "class.kind",
    keep_the_scale: "class.grade",
    branches: "organization.open",
    open_a_unit: "organization.open",
    rename: "organization.rename",
    figure: "organization.figure",
    withdraw_a_figure: "organization.figure_withdraw",
    revise: "target.revise",
    plan: "plan.edit",
    opening: "opening.add opening.edit",
    letterhead: "letterhead.edit",
    account: "account.open account.edit account.reset account.first_signin account.password account.off account.on",
    give_and_end_a_role: "assignment.give assignment.end",
    confirm_a_role: "proposal.make proposal.confirmed assignment.give account.reset",
    replace_the_head: "proposal.make proposal.confirmed assignment.give account.reset",
    refuse_a_role: "proposal.make proposal.refused",
    withdraw_a_role: "proposal.make proposal.withdrawn",
    reset_by_two: "proposal.make proposal.confirmed account.reset",
    recover_on_the_console: "account.recover",
    first_officers: "account.first",
    load_the_plan: "plan.load organization.open",
    keep_papers: f"{ROAD} candidate.papers",
    return_and_pass: f"{DOSSIER} candidate.appraise candidate.answer",
    answer_a_point: f"{DOSSIER} candidate.appraise candidate.answer",
    open_a_session: "session.open",
    put_off_a_session: f"{ROAD} session.open session.list session.edit",
    cancel_a_session: f"{ROAD} session.open session.list session.cancel",
    fill_a_session: f"{ROAD} session.open session.list",
    hold_a_session: f"{ROAD} session.open session.list session.outcomes",
    keep_the_catalogue: "catalogue.form",
    keep_the_questions: "catalogue.question",
    load_the_rules: "rules.load",
    revise_the_rules: "rules.revise",
    keep_the_calendar: "rules.calendar",
    set_the_local_limits: "rules.local",
}
WORD = re.compile(
    r"\"((?:account|assignment|candidate|catalogue|class|letterhead|opening|organization|plan|proposal|rules|session|target)\.[a-z_]+)\""
)
WRITERS = ("*/actions.py", "*/actions/*.py", "*/management/commands/*.py")


def test_the_table_names_every_word_the_program_writes():
    written = {word for glob in WRITERS for path in ROOT.glob(glob) for word in WORD.findall(path.read_text())}

    assert written == {word for words in ACTIONS.values() for word in words.split()}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.__name__)
def test_the_history_explains_every_difference_and_nothing_else(action, world):
    PREPARE.get(action, lambda world: None)(world)
    before, since = tables.rows(), tables.last_change()

    action(world)

    told = Change.objects.filter(pk__gt=since)
    assert set(told.values_list("action", flat=True)) == set(ACTIONS[action].split())
    assert tables.unexplained(before, tables.rows(), since) == []


def test_an_untold_difference_is_found(world):
    candidate = person(world)
    before, since = tables.rows(), tables.last_change()

    Candidate.objects.filter(pk=candidate.pk).update(home_town="Hải Phòng")

    assert tables.unexplained(before, tables.rows(), since) != []
