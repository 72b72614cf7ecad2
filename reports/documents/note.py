"""Thông báo kết quả thẩm định: what a returned dossier lacks, to the unit that sent it, on one page. Pure."""

from dataclasses import dataclass, replace
from datetime import date

from reports.documents.words import birth_words, number_of_kind
from reports.issuer import Paper
from vuthu_recruit.dates import PartialDate, show_day
from vuthu_recruit.word import Strong, WordDocument

TITLE = "Thông báo kết quả thẩm định hồ sơ kết nạp đảng viên"
KIND = "TB"


@dataclass(frozen=True)
class Point:
    """One thing that is wrong: the form by its code and name where it is one, what is wrong, what to do."""

    wrong: str
    todo: str = ""
    form: str = ""  # "5-KNĐ Tổng hợp ý kiến nhận xét", as the catalogue of forms has it


@dataclass(frozen=True)
class ReturnNote:
    """A dossier given back. `round_number` counts the appraisals of this dossier from 1; `redo_from` is in words."""

    paper: Paper  # of the Board that appraises
    unit: str  # "Đảng ủy xã Hồng Lý"
    full_name: str
    birth: PartialDate | None
    branch: str
    round_number: int
    returned_on: date
    points: tuple[Point, ...]
    redo_from: str
    decide_by: date | None = None  # the last day for the decision; None when the branch meets again
    marks: tuple[str, ...] = ()

    @property
    def issued(self) -> Paper:
        """The letterhead as this note carries it: its kind of number, and the unit alone as the receiver."""
        number = number_of_kind(self.paper.number, KIND)
        return replace(self.paper, number=number, recipients=_recipients(self.unit, self.paper))


def note_to_unit(note: ReturnNote) -> bytes:
    document = WordDocument(title=TITLE, author=note.paper.issuer, marks=note.marks)
    paper = note.issued
    document.letterhead(paper.letterhead)
    document.heading("Thông báo", "kết quả thẩm định hồ sơ kết nạp đảng viên")
    document.centred(f"Kính gửi: {note.unit}")
    document.paragraph(
        "Qua thẩm định ",
        f"(lần thứ {note.round_number}) " if note.round_number > 1 else "",
        "hồ sơ đề nghị kết nạp đảng viên của quần chúng ",
        Strong(note.full_name.upper()),
        f", {birth_words(note.birth)}, {note.branch}, hồ sơ chưa đạt và được trả lại ngày "
        f"{show_day(note.returned_on)}. Những điểm phải bổ sung, làm lại:",
    )
    for number, point in enumerate(note.points, 1):
        document.paragraph(f"{number}. ", *_point(point))
    document.paragraph(Strong("Làm lại từ: "), f"{note.redo_from}.")
    if note.decide_by:
        document.paragraph(
            Strong("Thời hạn: "),
            f"quyết định kết nạp phải có chậm nhất ngày {show_day(note.decide_by)}, nếu nghị quyết của chi bộ được giữ "
            "nguyên. Đề nghị hoàn thiện và gửi lại hồ sơ sớm để còn thời gian thẩm định, trình quyết định.",
        )
    document.signature(paper.signature)
    return document.to_bytes()


def _recipients(unit: str, paper: Paper) -> tuple[str, ...]:
    """The unit, and the Board's own file as its letterhead names it; nobody else learns of the person."""
    kept = [line for line in paper.recipients if line.casefold().startswith("lưu")]
    return (f"{unit},", *(kept or ["Lưu."]))


def _point(point: Point) -> list[str]:
    pieces = [Strong(f"{point.form}: ")] if point.form else []
    pieces.append(_sentence(point.wrong))
    if point.todo:
        pieces += [" Cần làm: ", _sentence(point.todo)]
    return pieces


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
