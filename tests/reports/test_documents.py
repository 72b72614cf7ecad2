"""The documents in Word, from invented facts: what stands in them, in which order, as text."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from reports.documents import (
    Admitted,
    Decision,
    MeetingList,
    Point,
    Proposal,
    Proposed,
    ReturnNote,
    Vote,
    decision,
    decisions,
    meeting_list,
    meeting_workbook,
    note_to_unit,
)
from reports.issuer import DOTS, MOTTO, Paper
from vuthu_recruit import clock, vietnamese
from vuthu_recruit.dates import PartialDate
from vuthu_recruit.word import FONT

BOARD = Paper(
    organization=None,
    parent="HUYỆN ỦY VŨ THƯ",
    issuer="BAN TỔ CHỨC",
    number="Số ………-BC/BTCHU",
    place_and_date="Vũ Thư, ngày 18 tháng 11 năm 2024",
    offices=("TRƯỞNG BAN",),
    signer=DOTS,
    recipients=("Ban Thường vụ Huyện ủy,", "Lưu Ban Tổ chức."),
)
COMMITTEE = replace(
    BOARD,
    parent="ĐẢNG BỘ TỈNH THÁI BÌNH",
    issuer="HUYỆN ỦY VŨ THƯ",
    number="Số 1024-QĐ/HU",
    offices=("T/M BAN THƯỜNG VỤ", "BÍ THƯ"),
)
PERSON = Admitted(
    full_name="Phạm Thị Thử Nghiệm",
    birth=PartialDate(1998, 3, 12),
    home_town="xã Hồng Lý",
    residence="thôn Hội",
    branch="Chi bộ thôn Hội, Đảng bộ xã Hồng Lý",
)
DECISION = Decision(
    paper=COMMITTEE,
    decider="Ban Thường vụ Huyện ủy Vũ Thư",
    person=PERSON,
    proposals=(
        Proposal("Chi bộ thôn Hội", "05-NQ/CB", date(2024, 6, 3)),
        Proposal("Đảng ủy xã Hồng Lý", "9-BC/ĐU", date(2024, 7, 3), kind="báo cáo"),
    ),
    probation_months=12,
    ceremony_days=30,
)
PROPOSED = Proposed(
    full_name="Nguyễn Văn An",
    birth=PartialDate(1998, 3, 12),
    sex="Nam",
    branch="Chi bộ thôn Hội",
    unit="Xã Hồng Lý",
    work="Nông dân",
    branch_vote=Vote(11, 12, date(2024, 6, 3)),
    committee_vote=Vote(15, 15, date(2024, 7, 3)),
    due=date(2024, 12, 20),
    appraisal="17-TTr/BTC",
    appraised_on=date(2024, 8, 1),
    note="Được gia hạn",
)
ROSTER = ("Đặng Văn Đức", "Nguyễn Văn An", "Vũ Thị Ất", "Trần Thị Ánh", "Lê Văn Dũng")
MEETING = MeetingList(
    paper=BOARD,
    meets_on=date(2024, 11, 25),
    people=tuple(replace(PROPOSED, full_name=name) for name in ROSTER),
    made_by="Cán bộ Mẫu",
)
NOTE = ReturnNote(
    paper=BOARD,
    unit="Đảng ủy xã Hồng Lý",
    full_name="Phạm Thị Thử Nghiệm",
    birth=PartialDate(1998),
    branch="Chi bộ thôn Hội",
    round_number=2,
    returned_on=date(2024, 11, 18),
    points=(
        Point("Thiếu ý kiến chi ủy nơi cư trú", "lấy ý kiến", "5-KNĐ Tổng hợp ý kiến nhận xét"),
        Point("Biên bản chưa ghi số phiếu."),
    ),
    redo_from="Chi bộ họp lại",
    decide_by=date(2025, 1, 6),
)
HOSTILE = ("=cmd|'/c calc'!A1", "<script>alert(1)</script>", "{{ x }}", "A\x00B\x1bC", "Đ" * 10_000)


@pytest.fixture(autouse=True)
def day(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2024, 11, 18))


def opened(content: bytes):
    return Document(BytesIO(content))


def said(content: bytes) -> list[str]:
    """Every line of the body, those in tables among them."""
    found = []
    for part in opened(content).iter_inner_content():
        texts = [cell.text for row in part.rows for cell in row.cells] if hasattr(part, "rows") else [part.text]
        found += [line for text in texts for line in text.split("\n") if line]
    return found


# The decision


def test_a_decision_says_who_is_admitted_where_on_whose_proposal_and_for_how_long():
    lines = said(decision(DECISION))

    assert lines[:7] == [
        *("ĐẢNG BỘ TỈNH THÁI BÌNH", "HUYỆN ỦY VŨ THƯ", "*", MOTTO),
        *("Số 1024-QĐ/HU", "Vũ Thư, ngày 18 tháng 11 năm 2024", "QUYẾT ĐỊNH"),
    ]
    assert lines[7:15] == [
        "kết nạp đảng viên",
        "- Căn cứ Điều lệ Đảng Cộng sản Việt Nam;",
        "- Theo đề nghị của Chi bộ thôn Hội tại văn bản số 05-NQ/CB ngày 03/06/2024;",
        "- Theo báo cáo của Đảng ủy xã Hồng Lý tại văn bản số 9-BC/ĐU ngày 03/07/2024,",
        "BAN THƯỜNG VỤ HUYỆN ỦY VŨ THƯ",
        "QUYẾT ĐỊNH:",
        "Điều 1. Kết nạp quần chúng PHẠM THỊ THỬ NGHIỆM, sinh ngày 12/03/1998; quê quán: xã Hồng Lý; nơi ở hiện nay: "
        "thôn Hội; vào Đảng Cộng sản Việt Nam và sinh hoạt tại Chi bộ thôn Hội, Đảng bộ xã Hồng Lý.",
        "Điều 2. Đồng chí PHẠM THỊ THỬ NGHIỆM trải qua thời gian dự bị 12 tháng, tính từ ngày chi bộ tổ chức lễ kết "
        "nạp. Chi bộ tổ chức lễ kết nạp trong thời hạn 30 ngày làm việc, kể từ ngày nhận được quyết định này.",
    ]
    assert lines[-4:-1] == ["T/M BAN THƯỜNG VỤ", "BÍ THƯ", DOTS]


def test_a_decision_ends_with_the_word_that_its_form_must_be_compared():
    assert said(decision(DECISION))[-1] == (
        "Mẫu văn bản cần đối chiếu với mẫu 9-KNĐ hiện hành; xóa dòng này trước khi trình ký."
    )


def test_what_nobody_knows_becomes_dots_and_no_limit_is_invented():
    unknown = replace(PERSON, birth=None, home_town="", residence="")
    text = "\n".join(said(decision(replace(DECISION, person=unknown, probation_months=None, ceremony_days=None))))

    assert f"sinh ngày {DOTS}; quê quán: {DOTS}; nơi ở hiện nay: {DOTS};" in text
    assert "dự bị theo quy định của Điều lệ Đảng" in text
    assert "trong thời hạn quy định" in text
    assert "None" not in text


@pytest.mark.parametrize(
    ("birth", "words"),
    [(PartialDate(1998, 3, 12), "sinh ngày 12/03/1998"), (PartialDate(1998, 3), "sinh tháng 03/1998")]
    + [(PartialDate(1998), "sinh năm 1998")],
)
def test_a_birth_is_as_exact_as_it_is_known(birth, words):
    assert f"NGHIỆM, {words};" in "\n".join(said(decision(replace(DECISION, person=replace(PERSON, birth=birth)))))


def test_several_decisions_stand_in_one_file_each_on_pages_of_its_own():
    other = replace(DECISION, person=replace(PERSON, full_name="Lê Văn Hai"))
    content = decisions([DECISION, other])

    assert len(opened(content).sections) == 2
    assert said(content).count("QUYẾT ĐỊNH") == 2
    assert said(content)[: len(said(decision(DECISION)))] == said(decision(DECISION))


def test_a_name_is_not_in_the_properties_of_the_file():
    properties = opened(decision(DECISION)).core_properties

    assert (properties.title, properties.author) == ("Quyết định kết nạp đảng viên", "HUYỆN ỦY VŨ THƯ")


# The list


def table_of(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in opened(content).tables[1].rows]


def test_the_list_is_a_page_across_with_a_header_that_returns():
    document = opened(meeting_list(MEETING))

    assert round(document.sections[0].page_width.mm) == 297
    assert document.tables[1].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert "quần chúng đề nghị kết nạp, trình kỳ họp Ban Thường vụ ngày 25/11/2024" in said(meeting_list(MEETING))


def test_the_columns_of_the_list_fill_the_page_between_its_margins():
    document = opened(meeting_list(MEETING))
    section, widths = document.sections[0], [column.width for column in document.tables[1].columns]

    room = section.page_width - section.left_margin - section.right_margin
    assert sum(widths) / 36_000 == pytest.approx(room / 36_000, abs=0.5)


def test_people_are_listed_as_vietnamese_rosters_are():
    names = [row[1] for row in table_of(meeting_list(MEETING))[1:]]

    assert names == ["Nguyễn Văn An", "Trần Thị Ánh", "Vũ Thị Ất", "Lê Văn Dũng", "Đặng Văn Đức"]
    assert names == sorted(ROSTER, key=vietnamese.sort_key)


def test_a_row_tells_votes_days_limit_and_appraisal_and_leaves_room_for_an_opinion():
    header, row = table_of(meeting_list(replace(MEETING, people=(PROPOSED,))))

    assert dict(zip(header, row, strict=True)) == {
        "STT": "1",
        "Họ và tên": "Nguyễn Văn An",
        "Ngày sinh": "12/03/1998",
        "Giới tính": "Nam",
        "Đơn vị": "Chi bộ thôn Hội\nXã Hồng Lý",
        "Nghề nghiệp, nơi làm việc": "Nông dân",
        "Chi bộ biểu quyết": "11/12\n03/06/2024",
        "Đảng ủy cơ sở": "15/15\n03/07/2024",
        "Hạn quyết định": "20/12/2024",
        "Thẩm định": "17-TTr/BTC\n01/08/2024",
        "Ghi chú": "Được gia hạn",
        "Ý kiến": "",
    }


def test_of_a_cell_the_committee_is_left_empty():
    cell = replace(PROPOSED, unit="", committee_vote=None, birth=None, due=None)
    row = table_of(meeting_list(replace(MEETING, people=(cell,))))[1]

    assert (row[2], row[4], row[7], row[8]) == ("", "Chi bộ thôn Hội", "", "")


def test_nobody_on_the_list_still_makes_a_list():
    assert "Danh sách có 0 người." in "\n".join(said(meeting_list(replace(MEETING, people=()))))
    assert load_workbook(BytesIO(meeting_workbook(replace(MEETING, people=()))))


def test_the_workbook_says_the_same_with_numbers_and_days():
    sheet = load_workbook(BytesIO(meeting_workbook(MEETING))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    people = [row for row in rows if isinstance(row[0], int)]

    assert [row[1] for row in people] == [row[1] for row in table_of(meeting_list(MEETING))[1:]]
    first = people[0]
    assert first[7:9] == [11, 12]
    assert [first[place].date() for place in (2, 9, 13)] == [date(1998, 3, 12), date(2024, 6, 3), date(2024, 12, 20)]
    heads = [[cell for cell in row if cell] for row in rows if "STT" in row or "Số phiếu" in row]
    assert "Chi bộ biểu quyết" in heads[0]
    assert heads[1] == ["Số phiếu", "Số đảng viên", "Ngày", "Số phiếu", "Số ủy viên", "Ngày", "Số", "Ngày"]
    assert sheet.print_title_rows


# The note


def test_a_note_says_every_point_what_to_do_and_until_when():
    lines = said(note_to_unit(NOTE))

    assert lines[4:8] == [
        "Số ………-TB/BTCHU",
        BOARD.place_and_date,
        "THÔNG BÁO",
        "kết quả thẩm định hồ sơ kết nạp đảng viên",
    ]
    assert lines[8:14] == [
        "Kính gửi: Đảng ủy xã Hồng Lý",
        "Qua thẩm định (lần thứ 2) hồ sơ đề nghị kết nạp đảng viên của quần chúng PHẠM THỊ THỬ NGHIỆM, sinh năm 1998, "
        "Chi bộ thôn Hội, hồ sơ chưa đạt và được trả lại ngày 18/11/2024. Những điểm phải bổ sung, làm lại:",
        "1. 5-KNĐ Tổng hợp ý kiến nhận xét: Thiếu ý kiến chi ủy nơi cư trú. Cần làm: lấy ý kiến.",
        "2. Biên bản chưa ghi số phiếu.",
        "Làm lại từ: Chi bộ họp lại.",
        "Thời hạn: quyết định kết nạp phải có chậm nhất ngày 06/01/2025, nếu nghị quyết của chi bộ được giữ nguyên. Đề "
        "nghị hoàn thiện và gửi lại hồ sơ sớm để còn thời gian thẩm định, trình quyết định.",
    ]


def test_a_note_goes_to_the_unit_and_the_file_and_to_nobody_else():
    lines = said(note_to_unit(NOTE))

    assert lines[lines.index("Nơi nhận:") + 1 :] == ["- Đảng ủy xã Hồng Lý,", "- Lưu Ban Tổ chức.", "TRƯỞNG BAN", DOTS]


def test_a_first_note_counts_no_rounds_and_without_a_limit_names_none():
    text = "\n".join(said(note_to_unit(replace(NOTE, round_number=1, decide_by=None))))

    assert "lần thứ" not in text
    assert "Thời hạn" not in text


# All of them


def hostile_files(text: str) -> list[bytes]:
    person = replace(PERSON, full_name=text, home_town=text, residence=text, branch=text)
    proposed = replace(PROPOSED, full_name=text, work=text, note=text, appraisal=text)
    note = replace(NOTE, full_name=text, unit=text, points=(Point(text, text, text),), redo_from=text)
    return [
        decision(replace(DECISION, person=person)),
        meeting_list(replace(MEETING, people=(proposed,))),
        note_to_unit(note),
    ]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:8].encode("unicode_escape").decode())
def test_hostile_text_stays_text_everywhere(text):
    shown = text.replace("\x00", "").replace("\x1b", "")
    for content in hostile_files(text):
        whole = "\n".join(said(content))
        assert shown in whole or shown.upper() in whole


def test_no_placeholder_is_left_and_the_letters_are_times_new_roman():
    for content in (decision(DECISION), meeting_list(MEETING), note_to_unit(NOTE)):
        assert not [line for line in said(content) if "{{" in line or "}}" in line or "None" in line]
        assert opened(content).styles["Normal"].font.name == FONT


def test_a_demonstration_is_marked_on_every_page():
    mark = "Dữ liệu mẫu – người và số liệu đều không có thật."
    for content in (
        decision(replace(DECISION, marks=(mark,))),
        meeting_list(replace(MEETING, marks=(mark,))),
        note_to_unit(replace(NOTE, marks=(mark,))),
    ):
        section = opened(content).sections[0]
        assert [part.paragraphs[0].text for part in (section.footer, section.first_page_footer)] == [mark, mark]
