"""Quyết định kết nạp đảng viên: one decision for one person, or several decisions in one file. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reports.documents.words import birth_words, day_words, or_dots
from reports.issuer import Paper
from vuthu_recruit.dates import PartialDate
from vuthu_recruit.word import Strong, WordDocument

TITLE = "Quyết định kết nạp đảng viên"
# The form was not read in any source (domain.md 1.6): whoever signs compares it first.
TO_COMPARE = "Mẫu văn bản cần đối chiếu với mẫu 9-KNĐ hiện hành; xóa dòng này trước khi trình ký."


@dataclass(frozen=True)
class Proposal:
    """A resolution or submission the decision rests on: who proposed (or reported), under which number, when."""

    who: str
    document: str = ""
    on: date | None = None
    kind: str = "đề nghị"


@dataclass(frozen=True)
class Admitted:
    """The person as a decision names them. Texts that nobody has entered become dots."""

    full_name: str
    birth: PartialDate | None
    home_town: str
    residence: str
    branch: str  # where the person will be a member: "Chi bộ thôn Hội, Đảng bộ xã Hồng Lý"


@dataclass(frozen=True)
class Decision:
    """An admission decision. `paper` carries number, day and who signs; `decider` is "Ban Thường vụ Huyện ủy Vũ Thư".

    The limits are those of the rule set of the day, None where no set is known: months of probation (Điều lệ Đảng,
    Điều 5, khoản 1) and working days from receipt to ceremony (domain.md 1.4).
    """

    paper: Paper
    decider: str
    person: Admitted
    proposals: tuple[Proposal, ...] = ()
    probation_months: int | None = None
    ceremony_days: int | None = None
    marks: tuple[str, ...] = ()


def decision(one: Decision) -> bytes:
    return decisions([one])


def decisions(several: Iterable[Decision]) -> bytes:
    """One file of at least one: each decision begins a page of its own, with its own letterhead and signature."""
    several = list(several)
    document = WordDocument(title=TITLE, author=several[0].paper.issuer, marks=several[0].marks)
    for number, one in enumerate(several):
        if number:
            document.next_document()
        _write(document, one)
    return document.to_bytes()


def _write(document: WordDocument, one: Decision) -> None:
    document.letterhead(one.paper.letterhead)
    document.heading("Quyết định", "kết nạp đảng viên")
    document.paragraph("- Căn cứ Điều lệ Đảng Cộng sản Việt Nam;")
    for place, proposal in enumerate(one.proposals, 1):
        document.paragraph(f"- {_proposal_words(proposal)}{',' if place == len(one.proposals) else ';'}")
    document.centred(one.decider.upper(), bold=True)
    document.centred("QUYẾT ĐỊNH:", bold=True)
    for number, pieces in enumerate(_articles(one), 1):
        document.paragraph(Strong(f"Điều {number}. "), *pieces)
    document.signature(one.paper.signature)
    document.remark(TO_COMPARE)


def _proposal_words(proposal: Proposal) -> str:
    words = f"Theo {proposal.kind} của {proposal.who}"
    if proposal.document:
        words += f" tại văn bản số {proposal.document}"
    return f"{words} {day_words(proposal.on)}" if proposal.on else words


def _articles(one: Decision) -> list[list[str]]:
    person = one.person
    name = Strong(person.full_name.upper())
    facts = f", {birth_words(person.birth)}; quê quán: {or_dots(person.home_town)}; "
    facts += f"nơi ở hiện nay: {or_dots(person.residence)}; "
    probation = f"{one.probation_months} tháng" if one.probation_months else "theo quy định của Điều lệ Đảng"
    limit = f"{one.ceremony_days} ngày làm việc" if one.ceremony_days else "quy định"
    return [
        ["Kết nạp quần chúng ", name, facts, f"vào Đảng Cộng sản Việt Nam và sinh hoạt tại {person.branch}."],
        [
            "Đồng chí ",
            name,
            f" trải qua thời gian dự bị {probation}, tính từ ngày chi bộ tổ chức lễ kết nạp. "
            f"Chi bộ tổ chức lễ kết nạp trong thời hạn {limit}, kể từ ngày nhận được quyết định này.",
        ],
    ]
