"""The plan, its ranges and opening balances: written here alone. A target is never edited, a change is a revision."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from organizations import changes
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import Conflict, claim
from targets.models import AdmissionPlan, OpeningBalance, TargetRule, YearlyTarget
from vuthu_recruit import clock

SHORTEST_REASON = 10
WINDOWS = ("term_starts_on", "term_ends_on", "term_is_confirmed", "minimum", "counting_basis")


class Faults:
    """Collects every fault by field, so that all are told at once."""

    def __init__(self):
        self._found: dict[str | None, list[str]] = defaultdict(list)

    def add(self, field: str | None, message: str) -> None:
        self._found[field or "__all__"].append(message)

    def __iter__(self):
        """Each with its field, None for the whole."""
        for field, messages in self._found.items():
            yield from ((None if field == "__all__" else field, message) for message in messages)

    def check(self) -> None:
        if self._found:
            raise ValidationError(dict(self._found))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


# Ranges


def when_unit_opens(organization: Organization, log: changes.Log) -> None:
    """A grassroots unit opened later gets its ranges when opened, by the rule of the plan above it."""
    if not organization.is_grassroots:
        return
    for plan in AdmissionPlan.objects.select_related("organization"):
        if organization.path.startswith(plan.organization.path):
            give_by_rule(plan=plan, organization=organization, log=log)


def give_by_rule(*, plan: AdmissionPlan, organization: Organization, log: changes.Log) -> list[YearlyTarget]:
    """Write revision 0 for the years of the plan from the unit's first on that have no row; touch no other row."""
    rule = TargetRule.objects.filter(plan=plan, kind=organization.kind).first()
    if rule is None:
        return []
    known = set(YearlyTarget.objects.filter(plan=plan, organization=organization).values_list("year", flat=True))
    rows = YearlyTarget.objects.bulk_create(
        YearlyTarget(
            plan=plan,
            organization=organization,
            year=year,
            minimum=rule.minimum,
            maximum=rule.maximum,
            decided_on=max(plan.signed_on, organization.opened_on),
            source=YearlyTarget.Source.RULE,
            document=plan.number,
            recorded_by=log.by,
        )
        for year in plan.years
        if year >= organization.opened_on.year and year not in known
    )
    log.created(*rows)
    return rows


@transaction.atomic
def revise(
    *,
    plan: AdmissionPlan,
    organization: Organization,
    year: int,
    minimum: int | None,
    maximum: int | None,
    decided_on: date,
    reason: str,
    document: str,
    version: int,
    by,
) -> YearlyTarget:
    """Give a unit a new range for a year, or none ("không giao"): the next revision.

    `version` is how many rows the unit had when the form was shown; another revision meanwhile is a Conflict.
    """
    if not may_in(by, Permission.TARGET_EDIT, organization):
        raise PermissionDenied
    Organization.objects.select_for_update().get(pk=organization.pk)
    known = list(YearlyTarget.objects.filter(plan=plan, organization=organization).order_by("year", "revision"))
    last = next((row for row in reversed(known) if row.year == year), None)
    if version != len(known):
        raise Conflict(last or YearlyTarget(plan=plan, organization=organization, year=year))
    given = {"decided_on": decided_on, "reason": reason, "document": document}
    revision_faults(plan, organization, year, (minimum, maximum), last, **given).check()
    with changes.recording(by=by, action="target.revise", reason=reason, subject=organization) as log:
        row = YearlyTarget.objects.create(
            plan=plan,
            organization=organization,
            year=year,
            revision=last.revision + 1 if last else 0,
            minimum=minimum,
            maximum=maximum,
            decided_on=decided_on,
            source=YearlyTarget.Source.REVISION,
            reason=reason,
            document=document,
            recorded_by=by,
        )
        log.created(row)
    return row


def revision_faults(
    plan: AdmissionPlan,
    organization: Organization,
    year: int,
    new_range: tuple[int | None, int | None],
    last: YearlyTarget | None,
    *,
    decided_on: date,
    reason: str,
    document: str,
) -> Faults:
    """Everything that speaks against a revision. `last`: the unit's latest of the year. Costs no query."""
    faults = Faults()
    minimum, maximum = new_range
    if not organization.is_grassroots:
        faults.add(None, "Chỉ giao chỉ tiêu cho tổ chức cơ sở đảng.")
    if year not in plan.years:
        faults.add("year", f"Kế hoạch giao chỉ tiêu cho các năm {plan.years[0]}–{plan.years[-1]}.")
    elif year < organization.opened_on.year or (organization.closed_on and date(year, 1, 1) >= organization.closed_on):
        faults.add("year", f"{organization.short_name} không hoạt động trong năm {year}.")
    if (minimum is None) != (maximum is None):
        faults.add("maximum" if maximum is None else "minimum", "Nhập cả mức tối thiểu và tối đa.")
    elif minimum is not None and minimum < 1:
        faults.add("minimum", "Tối thiểu phải từ 1 người. Nếu không giao thì chọn “Không giao chỉ tiêu năm này”.")
    elif minimum is not None and minimum > maximum:
        faults.add("maximum", f"Tối đa ({maximum}) nhỏ hơn tối thiểu ({minimum}).")
    if decided_on > clock.today():
        faults.add("decided_on", "Ngày quyết định chưa đến.")
    if last and decided_on < last.decided_on:
        faults.add("decided_on", f"Không được trước lần giao gần nhất của năm này, ngày {_day(last.decided_on)}.")
    if not last and decided_on < plan.signed_on:
        faults.add("decided_on", f"Không được trước ngày ban hành kế hoạch, {_day(plan.signed_on)}.")
    if last and (minimum, maximum) == (last.minimum, last.maximum):
        faults.add("minimum", "Mức mới giống mức đang giao, không có gì thay đổi.")
    _check_words(faults, reason, document)
    return faults


@transaction.atomic
def take_back_revision(*, target: YearlyTarget, reason: str, by) -> YearlyTarget:
    """Put back the range before a revision that was entered by mistake: the next revision, as of the same day.

    Nobody ever decided what was entered, so as of no day does it stay in force. There is none before revision 0: that
    one cannot be taken back. Raises Conflict when a later one stands.
    """
    rows = YearlyTarget.objects.filter(plan=target.plan_id, organization=target.organization_id)
    former = rows.get(year=target.year, revision=target.revision - 1)
    if rows.filter(year=target.year, revision__gt=target.revision).exists():
        raise Conflict(target)
    return revise(
        plan=target.plan,
        organization=target.organization,
        year=target.year,
        minimum=former.minimum,
        maximum=former.maximum,
        decided_on=target.decided_on,
        reason=reason,
        document=former.document or target.document,
        version=rows.count(),
        by=by,
    )


def _check_words(faults: Faults, reason: str, document: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        faults.add("reason", f"Lý do cần ít nhất {SHORTEST_REASON} ký tự.")
    if not document.strip():
        faults.add("document", "Nhập số văn bản.")


# The plan


@transaction.atomic
def edit_plan(*, plan: AdmissionPlan, values: dict, reason: str, document: str, version: int, by) -> AdmissionPlan:
    """Confirm or alter the term window, the district's minimum and the counting basis.

    The basis changes every figure of every page, so it needs a reason and a document; the rest takes them if given.
    """
    if not may_in(by, Permission.TARGET_EDIT, plan.organization):
        raise PermissionDenied
    claim(plan, version=version)
    plan = AdmissionPlan.objects.select_related("organization").get(pk=plan.pk)
    before = changes.state(plan) | {"version": version}
    _check_plan(plan, values, reason, document)
    for name in WINDOWS:
        setattr(plan, name, values[name])
    plan.save(update_fields=WINDOWS)
    words = "; ".join(filter(None, [reason, f"Văn bản {document}" if document else ""]))
    with changes.recording(by=by, action="plan.edit", reason=words, subject=plan) as log:
        log.updated(plan, before)
    return plan


def _check_plan(plan: AdmissionPlan, values: dict, reason: str, document: str) -> None:
    faults = Faults()
    if all(getattr(plan, name) == values[name] for name in WINDOWS):
        faults.add(None, "Không có gì thay đổi.")
    if values["term_ends_on"] <= values["term_starts_on"]:
        faults.add("term_ends_on", "Ngày kết thúc nhiệm kỳ phải sau ngày bắt đầu.")
    if values["minimum"] < 1:
        faults.add("minimum", "Mục tiêu của toàn đảng bộ phải từ 1 người.")
    if values["counting_basis"] != plan.counting_basis:
        _check_words(faults, reason, document)
    start = values["term_starts_on"]
    if start != plan.term_starts_on:
        for balance in plan.opening_balances.filter(from_on__lt=start, to_on__gte=start).select_related("organization"):
            period = f"{_day(balance.from_on)}–{_day(balance.to_on)}"
            faults.add("term_starts_on", f"Cắt ngang số dư đầu kỳ {period} của {balance.organization.short_name}.")
    faults.check()


# Opening balances


@transaction.atomic
def add_opening_balance(*, plan: AdmissionPlan, organization: Organization, values: dict, by) -> OpeningBalance:
    """Record a sum known without names. The same form sent twice makes one record: the second finds the first."""
    if not may_in(by, Permission.TARGET_EDIT, organization):
        raise PermissionDenied
    plan = AdmissionPlan.objects.select_for_update().get(pk=plan.pk)  # its term may not begin elsewhere meanwhile
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    same = OpeningBalance.objects.filter(plan=plan, organization=organization, **values).first()
    if same:
        return same
    balance = OpeningBalance(plan=plan, organization=organization, **values)
    opening_faults(balance, OpeningBalance.objects.filter(organization=organization)).check()
    balance.save(force_insert=True)
    with changes.recording(by=by, action="opening.add", subject=organization) as log:
        log.created(balance)
    return balance


@transaction.atomic
def edit_opening_balance(*, balance: OpeningBalance, values: dict, reason: str, version: int, by) -> OpeningBalance:
    """Put a sum right, with a reason. There is no deleting: one entered by mistake is set to 0."""
    if not may_in(by, Permission.TARGET_EDIT, balance.organization):
        raise PermissionDenied
    # The plan and the unit first, as when adding: two writers wait for each other before either looks for overlaps.
    AdmissionPlan.objects.select_for_update().get(pk=balance.plan_id)
    Organization.objects.select_for_update().get(pk=balance.organization_id)
    claim(balance, version=version)
    balance = OpeningBalance.objects.select_related("plan", "organization").get(pk=balance.pk)
    before = changes.state(balance) | {"version": version}
    for name, value in values.items():
        setattr(balance, name, value)
    others = OpeningBalance.objects.filter(organization=balance.organization).exclude(pk=balance.pk)
    is_same = before == changes.state(balance) | {"version": version}
    opening_faults(balance, others, reason=reason, is_same=is_same).check()
    balance.save()
    with changes.recording(by=by, action="opening.edit", reason=reason, subject=balance.organization) as log:
        log.updated(balance, before)
    return balance


def opening_faults(
    balance: OpeningBalance, others: Iterable[OpeningBalance], *, reason: str | None = None, is_same: bool = False
) -> Faults:
    """Everything that speaks against a balance. `others`: the unit's other ones; `reason`: of one that is put right."""
    faults = Faults()
    plan, unit, first, last = balance.plan, balance.organization, balance.from_on, balance.to_on
    if not unit.is_grassroots:
        faults.add("organization", "Số dư đầu kỳ chỉ ghi cho tổ chức cơ sở đảng.")
    if last < first:
        faults.add("to_on", "Ngày cuối trước ngày đầu.")
    elif first.year != last.year:
        faults.add("to_on", "Mỗi số dư nằm trong một năm; hãy tách theo từng năm.")
    elif first < plan.term_starts_on <= last:
        day = _day(plan.term_starts_on)
        faults.add("from_on", f"Nhiệm kỳ bắt đầu ngày {day}: hãy tách thành hai khoảng, khoảng sau từ ngày {day}.")
    if last > clock.today():
        faults.add("to_on", "Khoảng thời gian chưa qua hết.")
    if balance.women is not None and balance.women > balance.count:
        faults.add("women", f"Số nữ ({balance.women}) lớn hơn số người ({balance.count}).")
    if not balance.document.strip():
        faults.add("document", "Nhập văn bản làm căn cứ.")
    overlapping = [one for one in others if one.from_on <= last and one.to_on >= first]
    for other in sorted(overlapping, key=lambda one: one.from_on):
        period = f"{_day(other.from_on)}–{_day(other.to_on)} ({other.count} người)"
        faults.add("from_on", f"Trùng với số dư {period} của {unit.short_name}.")
    if reason is not None and len(reason.strip()) < SHORTEST_REASON:
        faults.add("reason", f"Lý do cần ít nhất {SHORTEST_REASON} ký tự.")
    if is_same:
        faults.add(None, "Không có gì thay đổi.")
    return faults
