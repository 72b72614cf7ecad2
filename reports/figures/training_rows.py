"""The people behind each number of the report on classes: enrolments, as many as the number says, moved people too."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Q, QuerySet, Value, When

from candidates.attend import certificate_months
from candidates.models import Enrolment
from reports.figures.attention import LONG_AGO
from reports.figures.fates import ADMITTED, MILESTONES, WAITING, Fate, Span, participants
from reports.figures.scope import Reach
from vuthu_recruit.dates import months_after

SENT = ("nominated", "refused", "waiting", "enrolled", "passed", "failed", "dropped")


@dataclass(frozen=True)
class Number:
    """One number that opens a list: its word in addresses, its title, who is in it."""

    key: str
    slug: str
    title: str
    who: Q
    is_conversion: bool = False


def _state(key: str, slug: str, title: str, *states: str) -> Number:
    return Number(key, slug, title, Q(standing_as__in=states))


def _fate(key: str, slug: str, title: str, *fates: Fate) -> Number:
    return Number(key, slug, title, Q(fate__in=fates), is_conversion=True)


NUMBERS: dict[str, Number] = {
    number.key: number
    for number in (
        _state("sent", "da-cu", "Đã cử đi học", *SENT),
        _state("refused", "khong-du-dieu-kien", "Không đủ điều kiện", "refused"),
        _state("seated", "co-cho", "Có chỗ trong lớp", "enrolled", "passed", "failed"),
        _state("learners", "hoc-vien", "Học viên", "enrolled", "passed", "failed", "dropped"),
        _state("passed", "dat", "Học xong, đạt", "passed"),
        _state("failed", "khong-dat", "Học xong, không đạt", "failed"),
        _state("dropped", "bo-hoc", "Bỏ học", "dropped"),
        Number("certificates", "giay-chung-nhan", "Có giấy chứng nhận", ~Q(fate=Fate.NONE)),
        _fate("admitted", "da-ket-nap", "Có giấy, đã kết nạp", *ADMITTED),
        _fate("within_12", "ket-nap-12-thang", "Kết nạp trong 12 tháng từ ngày cấp giấy", *ADMITTED[:1]),
        _fate("within_24", "ket-nap-24-thang", "Kết nạp trong 24 tháng từ ngày cấp giấy", *ADMITTED[:2]),
        _fate("within_36", "ket-nap-36-thang", "Kết nạp trong 36 tháng từ ngày cấp giấy", *ADMITTED[:3]),
        _fate("again", "tinh-giay-khac", "Tính theo giấy khác của cùng người", Fate.AGAIN),
        _fate("gone", "khong-con-theo-doi", "Có giấy, không còn theo dõi", Fate.GONE),
        _fate("waiting", "chua-ket-nap", "Có giấy, còn theo dõi, chưa kết nạp", *WAITING),
        _fate("expired", "het-gia-tri", "Chưa kết nạp, giấy đã hết giá trị", Fate.EXPIRED),
        _fate("expiring", "sap-het-gia-tri", "Chưa kết nạp, giấy hết giá trị trong 90 ngày", Fate.EXPIRING),
    )
}
BY_SLUG = {number.slug: number for number in NUMBERS.values()}


def behind(reach: Reach, span: Span, key: str, training_class: int | None = None) -> QuerySet[Enrolment]:
    """The enrolments a number counts, in the order of the list; one query beside the list for the rules."""
    months = certificate_months(span.as_of) if span.leads_to_admission else None
    rows = participants(reach, span, months).filter(NUMBERS[key].who)
    rows = rows.filter(training_class=training_class) if training_class else rows
    return rows.select_related("candidate__unit__grassroots", "unit__grassroots", "training_class__kind").order_by(
        "unit__grassroots__kind",
        "unit__grassroots__order",
        "unit__order",
        "candidate__sort_key",
        "participant_sort_key",
        "pk",
    )


def graduates(reach: Reach, as_of: date, months: int | None) -> QuerySet[Enrolment]:
    """Everybody followed who holds a certificate of any year and is not admitted: `waiting` of all classes at once."""
    rows = participants(reach, Span(LONG_AGO, as_of, as_of), months, tells_how_soon=False).filter(fate__in=WAITING)
    return rows.select_related("candidate__unit__grassroots", "unit__grassroots", "training_class__kind")


def issued_before(as_of: date, months: int) -> Q:
    """Certificates at least so many months old."""
    return Q(issued_on__lte=months_after(as_of, -months))


def tally_of(rows: QuerySet[Enrolment], as_of: date) -> dict[str, int]:
    """How many of some graduates: "all", of 12, 24 and 36 months, expiring, expired. One query."""
    ages = [When(issued_before(as_of, months), then=Value(months)) for months in reversed(MILESTONES)]
    groups = rows.annotate(age=Case(*ages, default=Value(0))).order_by().values("age", "fate")
    found = list(groups.annotate(people=Count("pk")))
    counts = {"all": sum(row["people"] for row in found)}
    counts |= {str(n): sum(row["people"] for row in found if row["age"] >= n) for n in MILESTONES}
    return counts | {
        fate: sum(row["people"] for row in found if row["fate"] == fate) for fate in ("expiring", "expired")
    }
