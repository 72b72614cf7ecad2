"""Ranges from a file: looked at, revised, sent again, exported and back, undone."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from organizations.imports.cells import CellError
from organizations.models import Change, ImportedRow
from targets import actions
from targets.models import YearlyTarget
from targets.range_words import range_of
from tests import factories
from tests.imports import batch, changes, confirm, kinds, line, said, saved, send, undo, workbook
from tests.tools import queries_for

HEAD = ("STT", "Đơn vị", "Năm", "Tối thiểu", "Tối đa", "Ngày quyết định", "Số văn bản", "Lý do")
WHY = "Đơn vị đề nghị điều chỉnh"


def row(**values) -> tuple:
    usual = {"STT": 1, "Đơn vị": "Đảng bộ xã Hồng Lý", "Năm": 2024, "Tối thiểu": 4, "Tối đa": 6}
    usual |= {"Ngày": date(2024, 3, 1), "Văn bản": "15-QĐ/HU", "Lý do": WHY}
    return tuple((usual | values).values())


def sent(client, *rows, head=HEAD, **options):
    return send(client, "targets", workbook(head, *rows), unit=options.pop("unit", "vu-thu"), **options)


def latest(world, unit=None, year=2024) -> YearlyTarget:
    return YearlyTarget.objects.filter(organization=unit or world.north, year=year).order_by("revision").last()


def revise(world, **values):
    usual = {"organization": world.north, "year": 2024, "minimum": 5, "maximum": 7, "decided_on": date(2024, 4, 1)}
    usual |= {"reason": WHY, "document": "16-QĐ/HU", "by": world.board}
    known = YearlyTarget.objects.filter(organization=(usual | values)["organization"]).count()
    return actions.revise(plan=world.plan, version=known, **usual | values)


# Cells


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("3-5", (3, 5)),
        ("3 – 5 người", (3, 5)),
        ("Từ 3 đến 5 đồng chí", (3, 5)),
        ("3...5", (3, 5)),
        ("Không giao", (None, None)),
        ("KHÔNG GIAO CHỈ TIÊU", (None, None)),
        ("Chưa giao", None),
        ("Ngoài giai đoạn giao chỉ tiêu", None),
    ],
)
def test_a_range_is_read_however_it_is_written(cell, found):
    assert range_of(cell) == found


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (date(2024, 5, 3), "Excel đã tự đổi"),
        ("nhiều", "Ghi như 3–5"),
        ("3", "Ghi như 3–5"),
        (4, "Ghi như 3–5"),
        (True, "đúng/sai"),
    ],
)
def test_what_is_no_range_is_refused_in_words(cell, words):
    with pytest.raises(CellError) as refusal:
        range_of(cell)
    assert words in str(refusal.value)


# What a row becomes


def test_a_row_is_the_next_revision_of_its_unit_and_year(world, as_user):
    client = as_user(world.board)
    page = sent(client, row(), row(Năm=2025), row(**{"Đơn vị": "Xã Song An", "Tối thiểu": 3, "Tối đa": 5}))
    assert kinds(page) == {2: "changed", 3: "changed", 4: "same"}
    assert changes(page) == [("Năm 2024", "3–5 người", "4–6 người")]
    assert line(page, 2).detail == "theo 15-QĐ/HU ngày 01/03/2024"
    confirm(client, page)

    found = latest(world)
    assert (found.revision, found.minimum, found.maximum, found.decided_on) == (1, 4, 6, date(2024, 3, 1))
    assert (found.document, found.reason, found.recorded_by) == ("15-QĐ/HU", WHY, world.board)
    assert latest(world, year=2025).revision == 1
    assert latest(world, world.south).revision == 0
    change = Change.objects.get(object_type="targets.YearlyTarget", object_id=str(found.pk))
    assert (change.action, change.via) == ("target.revise", Change.Via.IMPORT)


def test_the_same_file_twice_revises_nothing(world, as_user):
    client = as_user(world.board)
    confirm(client, sent(client, row()))
    page = sent(client, row())
    assert kinds(page) == {2: "same"}
    assert page.context["ready"] == 0


def test_not_given_is_a_range_of_its_own(world, as_user):
    client = as_user(world.board)
    page = sent(client, row(**{"Tối thiểu": "Không giao", "Tối đa": None}))
    assert changes(page) == [("Năm 2024", "3–5 người", "Không giao")]
    confirm(client, page)
    assert (latest(world).minimum, latest(world).maximum) == (None, None)


def test_a_column_a_year_and_what_is_said_once_for_the_file(world, as_user):
    client = as_user(world.board)
    head = ("STT", "Đơn vị", "Năm 2024", "2025")
    said_once = {"decided_on": "01/3/2024", "document": "15-QĐ/HU", "reason": WHY}
    page = sent(client, (1, "Hồng Lý", "4-6", "3-5"), (2, "Song An", "4-6", "4–6"), head=head, **said_once)
    assert changes(page, 2) == [("Năm 2024", "3–5 người", "4–6 người")]
    assert [label for label, *_ in changes(page, 3)] == ["Năm 2024", "Năm 2025"]
    confirm(client, page)
    assert ImportedRow.objects.count() == 3
    assert latest(world, world.south, 2025).document == "15-QĐ/HU"


def test_a_year_can_be_chosen_once(world, as_user):
    head = tuple(one for one in HEAD if one != "Năm")
    values = tuple(cell for name, cell in zip(HEAD, row(), strict=True) if name != "Năm")
    assert "Thiếu năm" in said(sent(as_user(world.board), values, head=head), 2)
    assert changes(sent(as_user(world.board), values, head=head, year="2025"))[0][0] == "Năm 2025"


REFUSED = [
    ({"Năm": 2026}, "các năm 2021–2025"),
    ({"Năm": "24"}, "đủ bốn chữ số"),
    ({"Năm": None}, "Thiếu năm"),
    ({"Tối thiểu": 7}, "Tối đa (6) nhỏ hơn tối thiểu (7)"),
    ({"Tối thiểu": 0}, "Tối thiểu phải từ 1 người"),
    ({"Tối đa": None}, "Nhập cả mức tối thiểu và tối đa"),
    ({"Tối đa": "năm"}, "Tối đa ghi “năm”: nhập một số nguyên"),
    ({"Ngày": date(2024, 12, 1)}, "chưa đến"),
    ({"Ngày": date(2021, 9, 28)}, "Không được trước lần giao gần nhất"),
    ({"Ngày": "tháng 3"}, "Ngày quyết định"),
    ({"Ngày": None}, "Thiếu ngày quyết định"),
    ({"Văn bản": None}, "Nhập số văn bản"),
    ({"Lý do": "tăng"}, "Lý do cần ít nhất 10 ký tự"),
    ({"Đơn vị": "Chi bộ thôn Hội"}, "không phải đơn vị"),
]


@pytest.mark.parametrize(("values", "words"), REFUSED)
def test_refuses_in_words_at_the_row(world, as_user, values, words):
    page = sent(as_user(world.board), row(**values))
    assert kinds(page) == {2: "error"}
    errors = [note.message for note in line(page, 2).errors]
    assert len(errors) == 1, errors
    assert words in errors[0]


def test_all_errors_of_a_row_are_told_at_once(world, as_user):
    page = sent(as_user(world.board), row(**{"Tối thiểu": 7, "Văn bản": None, "Lý do": None, "Ngày": None}))
    assert len(line(page, 2).errors) == 4
    assert YearlyTarget.objects.filter(revision=1).count() == 0


def test_two_rows_of_one_unit_and_year_contradict_each_other(world, as_user):
    page = sent(as_user(world.board), row(), row(**{"Tối đa": 7}), row(Năm=2025))
    assert kinds(page) == {2: "error", 3: "error", 4: "changed"}
    assert "Các dòng 2, 3 cùng giao năm 2024 cho Xã Hồng Lý" in said(page, 3)


def test_a_unit_officer_gives_no_ranges(world, as_user):
    client = as_user(world.north_officer)
    assert client.get(reverse("organizations:import_new", args=["targets"])).status_code == 403
    assert "Điều chỉnh chỉ tiêu" not in client.get(reverse("organizations:imports")).content.decode()


def test_a_file_for_one_unit_says_nothing_of_another(world, as_user):
    page = sent(as_user(world.board), row(**{"Đơn vị": "Đảng bộ xã Song An"}), unit="13195")
    assert "không phải đơn vị của Đảng bộ xã Hồng Lý" in said(page, 2)


def test_what_was_revised_since_the_preview_has_to_be_looked_at_again(world, as_user):
    client = as_user(world.board)
    page = sent(client, row())
    revise(world, minimum=4, maximum=5, decided_on=date(2024, 2, 1))
    again = confirm(client, page)
    assert again.status_code == 409
    assert changes(again) == [("Năm 2024", "4–5 người", "4–6 người")]
    assert latest(world).revision == 1


def test_the_blank_list_names_the_units_and_comes_back_as_it_is(world, as_user):
    client = as_user(world.board)
    content = client.get(reverse("organizations:import_blank", args=["targets"]), {"unit": "vu-thu"}).content
    page = send(client, "targets", content, unit="vu-thu")
    assert len(kinds(page)) == 4
    assert set(kinds(page).values()) == {"same"}


# The list of ranges, out and back


def exported(client) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(client.get(reverse("targets:export"), {"year": "2024"}).content))


def rows_of(sheet) -> dict[str, int]:
    return {cells[1].value: cells[1].row for cells in sheet.iter_rows() if cells[1].value}


def test_the_exported_list_comes_back_without_a_change_and_with_just_those_made(world, as_user):
    revise(world, organization=world.cell, minimum=None, maximum=None)
    client = as_user(world.board)
    book = exported(client)
    page = send(client, "targets", saved(book), unit="vu-thu")
    assert set(kinds(page).values()) == {"same"}
    assert len(kinds(page)) == 4

    sheet, rows = book.active, rows_of(book.active)
    sheet.cell(rows[world.north.name], 4).value = 4
    sheet.cell(rows[world.south.name], 5).value = 6
    sheet.cell(rows[world.office.name], 3).value = "3–4 người"
    page = send(client, "targets", saved(book), unit="vu-thu", decided_on="01/3/2024", document="15-QĐ/HU", reason=WHY)
    assert [change for number in kinds(page) for change in changes(page, number)] == [
        ("Năm 2024", "3–5 người", "4–5 người"),
        ("Năm 2024", "3–5 người", "3–6 người"),
        ("Năm 2024", "2–3 người", "3–4 người"),
    ]
    assert {line(page, number).detail for number in kinds(page)} == {"", "theo 15-QĐ/HU ngày 01/03/2024"}
    confirm(client, page)
    assert set(kinds(send(client, "targets", saved(exported(client)), unit="vu-thu")).values()) == {"same"}


def test_a_row_that_keeps_the_day_of_the_former_decision_says_so(world, as_user):
    revise(world)
    client = as_user(world.board)
    book = exported(client)
    book.active.cell(rows_of(book.active)[world.north.name], 5).value = 8
    page = send(client, "targets", saved(book), unit="vu-thu", reason=WHY)
    number = next(number for number, kind in kinds(page).items() if kind == "changed")
    assert "của lần giao đang có hiệu lực" in said(page, number)
    assert line(page, number).detail == "theo 16-QĐ/HU ngày 01/04/2024"


def test_columns_of_one_row_that_disagree_are_an_error(world, as_user):
    client = as_user(world.board)
    book = exported(client)
    at = rows_of(book.active)[world.north.name]
    book.active.cell(at, 3).value, book.active.cell(at, 4).value = "2–6 người", 4
    page = send(client, "targets", saved(book), unit="vu-thu", reason=WHY)
    assert "“4–5 người” và “2–6 người”: sửa cho khớp nhau" in said(page, at)


def test_number_of_queries_does_not_grow_with_rows(world, as_user):
    client = as_user(world.board)
    sent(client, row())
    few = queries_for(client, batch().get_absolute_url())
    names = [f"Đảng bộ xã Thử {number}" for number in range(6)]
    for number, name in enumerate(names):
        factories.make_unit(world.district, f"9{number}", name)
    sent(client, *(row(**{"Đơn vị": name}) for name in names))
    assert queries_for(client, batch().get_absolute_url()) == few


# Undoing


def test_undoing_puts_the_former_range_back_as_of_the_same_day(world, as_user):
    client = as_user(world.board)
    confirm(client, sent(client, row(), row(Năm=2025)))
    assert undo(client).status_code == 302

    found = latest(world)
    assert (found.revision, found.minimum, found.maximum, found.decided_on) == (2, 3, 5, date(2024, 3, 1))
    assert found.reason == "Hoàn tác tệp “Danh sách.xlsx”: Tải nhầm tệp của năm trước"
    for day in (date(2024, 2, 29), date(2024, 3, 1), date(2024, 11, 18)):
        assert YearlyTarget.objects.in_force_on(day).get(organization=world.north, year=2024).minimum == 3
    shown = client.get(batch().get_absolute_url())
    assert {(one["detail"], one["standing"]) for one in shown.context["rows"]} == {
        ("năm 2024: 4–6 người", "3–5 người"),
        ("năm 2025: 4–6 người", "3–5 người"),
    }
    assert kinds(sent(client, row())) == {2: "changed"}


def test_a_later_revision_or_a_first_range_keeps_an_import_from_being_undone(world, as_user):
    YearlyTarget.objects.filter(organization=world.south, year=2024).delete()
    client = as_user(world.board)
    page = sent(client, row(), row(**{"Đơn vị": "Xã Song An"}))
    assert kinds(page) == {2: "changed", 3: "new"}
    confirm(client, page)
    revise(world)

    page = client.get(reverse("organizations:import_undo", args=[batch().pk]))
    words = [(one.number, one.text) for one in page.context["blocking"]]
    assert [number for number, _ in words] == [2, 3]
    assert "đã được điều chỉnh lần nữa sau khi nhập" in words[0][1]
    assert "điều chỉnh thành “Không giao chỉ tiêu năm này”" in words[1][1]
    assert undo(client).status_code == 422
    assert latest(world).minimum == 5
