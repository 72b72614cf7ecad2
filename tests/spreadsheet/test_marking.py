"""The workbook given back with its errors marked: in place, to be filtered, and clean again once it is corrected."""

import io

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.table import Table

from tests.workbook.recalculate import convert
from vuthu_recruit.marking import AUTHOR, DOUBTFUL, NOTICE, WRONG, Mark, marked, sentences
from vuthu_recruit.spreadsheet import Broken, Sheet, read

TITLE = "Lỗi"
HEADER = 3  # its last row: two of them, merged


def people(count: int = 5) -> openpyxl.Workbook:
    """A title, a header in two rows, people, and another sheet."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Danh sách"
    page.append(["DANH SÁCH NGUỒN"])
    page.append(["TT", "Họ và tên", "Năm sinh", None])
    page.append([None, None, "Nam", "Nữ"])
    for area in ("A1:D1", "A2:A3", "B2:B3", "C2:D2"):
        page.merge_cells(area)
    for number in range(1, count + 1):
        page.append([number, f"Người {number}", 1990, None])
    page["B4"].font = Font(bold=True)
    book.create_sheet("Khác")["A1"] = "giữ"
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def mark(content: bytes, *marks: Mark, name: str = "a.xlsx") -> bytes:
    sheet = read(content, name, keeps_broken=True)[0]
    return marked(content, name, sheet, HEADER, marks, TITLE)


def comments(page) -> dict[str, str]:
    return {cell.coordinate: cell.comment.text for row in page for cell in row if cell.comment}


def colours(page) -> dict[str, str]:
    return {
        cell.coordinate: cell.fill.fgColor.rgb[-6:] for row in page for cell in row if cell.fill.fill_type == "solid"
    }


def test_each_of_a_hundred_errors_has_its_comment_its_colour_and_its_sentence():
    marks = [Mark(row, 1 + row % 3, f"Sai ở dòng {row}.") for row in range(4, 104)]
    page = opened(mark(saved(people(120)), *marks))["Danh sách"]

    assert len(comments(page)) == len(colours(page)) == 100
    assert set(colours(page).values()) == {WRONG}
    assert [page.cell(row, 5).value for row in range(4, 104)] == [one.text for one in marks]
    assert page["E104"].value is None


def test_the_sentences_can_be_filtered_also_below_a_header_of_two_rows():
    page = opened(mark(saved(people()), Mark(5, 1, "Thiếu họ.")))["Danh sách"]

    assert page.auto_filter.ref == "A3:E8"
    assert page["E3"].value == TITLE
    assert {str(area) for area in page.merged_cells.ranges} == {"A1:D1", "A2:A3", "B2:B3", "C2:D2"}


def test_a_notice_has_its_own_colour_and_comes_after_the_errors():
    marks = [
        Mark(4, 1, "Đã bỏ khoảng trắng thừa.", is_notice=True),
        Mark(4, 2, "Năm sinh không đúng."),
        Mark(5, 1, "Đọc là Ngô.", is_notice=True),
        Mark(6, 1, "Có thể trùng.", is_wrong=False),
        Mark(6, 1, "Đọc là Lê.", is_notice=True),
    ]
    page = opened(mark(saved(people()), *marks))["Danh sách"]

    assert colours(page) == {"B4": NOTICE, "C4": WRONG, "B5": NOTICE, "B6": DOUBTFUL}
    assert sentences(marks) == {
        4: "Năm sinh không đúng. Lưu ý: Đã bỏ khoảng trắng thừa.",
        5: "Lưu ý: Đọc là Ngô.",
        6: "Có thể trùng. Lưu ý: Đọc là Lê.",
    }
    assert comments(page)["B6"] == f"{AUTHOR}:\nCó thể trùng.\nĐọc là Lê."


def test_the_rest_of_the_file_stays_as_it_was():
    book = people()
    book.active["D4"] = "=C4+1"
    page = opened(mark(saved(book), Mark(5, 1, "Thiếu họ.")))

    assert page["Khác"]["A1"].value == "giữ"
    assert page["Danh sách"]["B4"].font.b
    assert page["Danh sách"]["D4"].value == "=C4+1"


def test_marks_go_when_the_file_is_corrected_and_only_new_ones_come():
    once = opened(mark(saved(people()), Mark(4, 1, "Thiếu họ."), Mark(5, 2, "Sai năm."), Mark(5, 2, "Quá trẻ.")))
    once.active["B4"] = "Lê Thị Ba"
    again = opened(mark(saved(once), Mark(5, 2, "Sai năm.")))["Danh sách"]

    assert comments(again) == {"C5": f"{AUTHOR}:\nSai năm."}
    assert colours(again) == {"C5": WRONG}
    assert (again["E4"].value, again["E5"].value, again.max_column) == (None, "Sai năm.", 5)


def test_marks_go_also_from_rows_that_were_sorted_and_columns_that_were_moved():
    once = opened(mark(saved(people()), Mark(4, 1, "Thiếu họ."), Mark(8, 2, "Sai năm.")))
    page = once["Danh sách"]
    page.move_range("A4:E4", rows=10)  # with the comment and the colour
    page["B14"].comment.author = "Máy khác"
    page["B14"].fill = PatternFill("solid", fgColor=f"FF{WRONG}")
    page["F3"], page["F5"] = "Ghi chú mới", "giữ"
    again = opened(mark(saved(once)))["Danh sách"]

    assert (comments(again), colours(again)) == ({}, {})
    assert [again["E3"].value, again["F3"].value, again["F5"].value] == [TITLE, "Ghi chú mới", "giữ"]
    assert not [row for row in range(4, 16) if again.cell(row, 5).value]


def test_a_colour_of_ours_goes_also_without_its_comment():
    once = opened(mark(saved(people()), Mark(4, 1, "Thiếu họ.")))
    once["Danh sách"]["B4"].comment = None

    assert colours(opened(mark(saved(once)))["Danh sách"]) == {}


def test_comments_of_their_own_survive_and_so_do_colours_of_other_cells():
    book = people()
    page = book.active
    page["B4"].comment, page["B5"].comment = Comment("Hỏi lại", "Lan"), Comment("Đã hỏi", "Lan")
    page["B5"].fill = PatternFill("solid", fgColor="00FF00")
    once = mark(saved(book), Mark(4, 1, "Thiếu họ."), Mark(4, 1, "Trùng tên."))

    said = f"Hỏi lại\n\n{AUTHOR}:\nThiếu họ.\nTrùng tên."
    assert comments(opened(once)["Danh sách"]) == {"B4": said, "B5": "Đã hỏi"}
    again = opened(mark(once))["Danh sách"]
    assert comments(again) == {"B4": "Hỏi lại", "B5": "Đã hỏi"}
    assert again["B4"].comment.author == "Lan"
    assert colours(again) == {"B5": "00FF00"}


def test_a_row_with_a_mark_is_not_left_hidden():
    book = people()
    for row in (5, 6):
        book.active.row_dimensions[row].hidden = True
    page = opened(mark(saved(book), Mark(5, 1, "Thiếu họ.")))["Danh sách"]

    assert [page.row_dimensions[row].hidden for row in (5, 6)] == [False, True]


def test_a_filter_of_theirs_is_taken_off_with_all_it_hid():
    book = people()
    page = book.active
    page.auto_filter.ref = "B3:C8"
    page.auto_filter.add_filter_column(0, ["Người 1"])
    for row in range(5, 9):
        page.row_dimensions[row].hidden = True
    page = opened(mark(saved(book)))["Danh sách"]

    assert not any(page.row_dimensions[row].hidden for row in range(4, 9))
    assert page.auto_filter.ref == "A3:E8"
    assert not page.auto_filter.filterColumn


def test_a_table_keeps_its_own_filter():
    book = openpyxl.Workbook()
    for row in (["a"], [None], ["Tên"], ["Ba"]):
        book.active.append(row)
    book.active.add_table(Table(displayName="T", ref="A3:A4"))
    page = opened(mark(saved(book), Mark(4, 0, "Thiếu họ."))).active

    assert page.auto_filter.ref is None
    assert page["B4"].value == "Thiếu họ."


def test_of_a_sheet_whose_rows_are_copied_broken_cells_say_what_stood_there():
    sheet = Sheet("Trang", (("Tên", "Sinh"), ("Ba", Broken("#N/A"))))
    page = opened(marked(b"", "a.ods", sheet, 1, [Mark(2, 1, "Ô lỗi.")], TITLE)).active

    assert [cell.value for cell in page[3]] == ["Ba", "#N/A", "Ô lỗi."]


@pytest.mark.recalculation
def test_libreoffice_opens_a_marked_file_without_loss_and_what_it_saves_is_clean_again():
    book = people()
    book.active["B6"].comment = Comment("Hỏi lại", "Lan")
    once = mark(saved(book), Mark(4, 1, "Thiếu họ."), Mark(6, 1, "Trùng tên."), Mark(7, 3, "Xem lại.", is_wrong=False))
    (through,) = convert(once, "xlsx", "xlsx:Calc MS Excel 2007 XML")
    ours, theirs = opened(once)["Danh sách"], opened(through)["Danh sách"]

    values = [[cell.value for cell in row] for row in ours]
    assert [[cell.value for cell in row[:5]] for row in theirs][: len(values)] == values
    assert comments(theirs) == comments(ours)
    assert {place: colour for place, colour in colours(theirs).items() if colour != "FFFFFF"} == colours(ours)
    assert theirs.auto_filter.ref == ours.auto_filter.ref
    assert {str(area) for area in theirs.merged_cells.ranges} == {str(area) for area in ours.merged_cells.ranges}
    again = opened(mark(through))["Danh sách"]
    assert comments(again) == {"B6": "Hỏi lại"}
    assert colours(again) == {}
    assert not [row for row in range(4, 9) if again.cell(row, 5).value]
