"""What the Board reads before it compares: two records side by side, other matches, accounts that ask too often."""

from collections import Counter
from datetime import date

from django.db.models import Count

from candidates import matching, next_steps, person_page
from candidates.actions.duplicates import ANSWERS_A_DAY
from candidates.models import Candidate, NeutralAnswer, ReviewCase
from candidates.pipeline import Status
from organizations.permissions import Permission
from organizations.scope import units_where


def accounts_over_limit(user, on: date) -> list[dict]:
    """Accounts that had five neutral answers or more on the day: name, sign-in name, how many. For the Board's home.

    Only what was asked where this user may decide is counted: cases that forms opened, answers that files got.
    """
    cases = ReviewCase.objects.visible_to(user, needs=Permission.CONFIRM).filter(asked_on=on, from_file=False)
    told = NeutralAnswer.objects.filter(asked_on=on, unit__in=units_where(user, Permission.CONFIRM))
    told = told.exclude(key=NeutralAnswer.CLOSED)
    answers, names = Counter(), {}
    for rows in (cases, told):
        named = rows.values("asked_by__full_name", "asked_by__username").annotate(answers=Count("pk"))
        for row in named.order_by("asked_by"):
            answers[row["asked_by__username"]] += row["answers"]
            names[row["asked_by__username"]] = row["asked_by__full_name"]
    over = [(name, count) for name, count in answers.items() if count >= ANSWERS_A_DAY]
    return [
        {"name": names[username], "username": username, "answers": count}
        for username, count in sorted(over, key=lambda pair: (-pair[1], names[pair[0]]))
    ]


def open_count(user) -> int:
    """How many cases wait for this user's comparison."""
    return ReviewCase.objects.visible_to(user, needs=Permission.CONFIRM).open().count()


def kind_words(draft: Candidate, other: Candidate) -> str:
    """Why the two were put together."""
    if draft.status != Status.WAITING:
        return "Sửa hồ sơ, chưa lưu"
    if draft.identity_number and draft.identity_number == other.identity_number:
        return "Trùng số định danh"
    return "Trùng họ tên, ngày sinh"


def compared(draft: Candidate, other: Candidate) -> list[dict]:
    """Label, both values, whether they differ; what neither record says is left out."""
    pairs = zip(record_rows(draft), record_rows(other), strict=True)
    return [
        {"label": one["label"], "draft": one["value"], "other": two["value"], "differs": one["value"] != two["value"]}
        for one, two in pairs
        if one["value"] or two["value"]
    ]


def record_rows(candidate: Candidate, *, background: bool = True) -> list[dict]:
    """The whole record as label and value, from who it is to where it stands."""
    head = [
        ("Họ và tên", candidate.full_name),
        ("Giới tính", candidate.get_sex_display()),
        ("Ngày sinh", str(candidate.birth or "")),
        ("Đơn vị", candidate.unit.place_words),
        ("Bước", "" if candidate.status == Status.WAITING else candidate.get_stage_display()),
        ("Trạng thái", next_steps.status_words(candidate.status, candidate.waiting_for)),
    ]
    rows = [{"label": label, "value": value} for label, value in head]
    return rows + person_page.record_facts(candidate, background=background)


def further_matches(case: ReviewCase, other: Candidate, by) -> list[Candidate]:
    """Everybody else who fits the entry: the case names one of them."""
    draft = case.candidate
    found = matching.find(
        full_name=draft.full_name,
        birth=draft.birth,
        identity_number=draft.identity_number,
        by=by,
        but=draft.pk,
    )
    return [row for row in found.inside if row.pk != other.pk]
