"""The command: whole district or one account's scope, a clear sentence and exit code 1 for what is wrong."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from candidates.pipeline import Stage
from organizations.models import Change
from tests import factories
from tests.reports import sheets

NAME = "standing-committee"


def export(path, *options, as_of="2024-11-18") -> bytes:
    call_command("export_report", NAME, "--as-of", as_of, "--output", str(path), *options)
    return path.read_bytes()


def test_writes_the_whole_district(world, tmp_path, capsys):
    factories.advance(factories.make_candidate(world.north_1, full_name="Trần Thị Kết"), Stage.DECIDED)

    content = export(tmp_path / "bieu.xlsx")

    assert sheets.lines(content)["Tổng cộng"]["term"] == 1
    assert [person["Họ và tên"] for person in sheets.people(content)] == ["Trần Thị Kết"]
    assert "máy chủ" in sheets.opened(content)[sheets.TABLE].oddFooter.left.text
    assert "HUYỆN ỦY VŨ THƯ" in sheets.texts(content, sheets.TABLE)
    assert "4 đơn vị, lũy kế năm 2024: 0 người" in capsys.readouterr().out


def test_as_an_account_it_keeps_to_the_account(world, tmp_path):
    for branch in (world.north_1, world.south_1):
        factories.advance(factories.make_candidate(branch), Stage.DECIDED)

    content = export(tmp_path / "bieu.xlsx", "--as", "north_officer")

    assert list(sheets.lines(content)) == ["Xã Hồng Lý"]
    assert len(sheets.people(content)) == 1


def test_the_period_begins_where_asked(world, tmp_path):
    said = sheets.texts(export(tmp_path / "bieu.xlsx", "--from", "2024-07-01"), sheets.WORDS)
    usual = sheets.texts(export(tmp_path / "bieu.xlsx", as_of="17/10/2024"), sheets.WORDS)

    assert {"01/07/2024", "18/11/2024"} <= set(said)
    assert {"01/10/2024", "17/10/2024"} <= set(usual)


def test_it_writes_nothing_into_the_database(world, tmp_path):
    before = Change.objects.count()

    export(tmp_path / "bieu.xlsx")

    assert Change.objects.count() == before


def test_an_old_file_is_replaced_whole_and_only_its_owner_reads_it(world, tmp_path):
    path = tmp_path / "bieu.xlsx"
    path.write_text("cũ")

    assert export(path)[:2] == b"PK"
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in tmp_path.iterdir()] == ["bieu.xlsx"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-such-report", "--as-of", "2024-11-18"], "Không có báo cáo “no-such-report”. Các báo cáo: standing-"),
        ([NAME, "--as-of", "2024-02-31"], "--as-of: Ngày không có thật"),
        ([NAME, "--as-of", "hôm nay"], "--as-of: Ngày chưa đúng cách viết"),
        ([NAME, "--as-of", "2024-11-19"], "chưa đến"),
        ([NAME, "--as-of", "2024-11-18", "--from", "2024-11-19"], "sau ngày --as-of"),
        ([NAME, "--as-of", "2024-11-18", "--from", "x"], "--from: Ngày"),
        ([NAME, "--as-of", "2024-11-18", "--as", "khong-co"], "Không có tài khoản “khong-co”."),
        ([NAME, "--as-of", "2024-11-18", "--as", "admin"], "không có quyền"),
        ([NAME, "--as-of", "2024-11-18", "--as", "nobody"], "không có quyền"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(world, tmp_path, arguments, words):
    path = tmp_path / "bieu.xlsx"

    with pytest.raises(CommandError, match=words) as refusal:
        call_command("export_report", *arguments, "--output", str(path))

    assert refusal.value.returncode == 1
    assert not path.exists()


@pytest.mark.parametrize("place", ["khong-co/bieu.xlsx", "."])
def test_a_place_where_nothing_can_be_written(world, tmp_path, place):
    with pytest.raises(CommandError, match="Không ghi được"):
        call_command("export_report", NAME, "--as-of", "2024-11-18", "--output", str(tmp_path / place))


def test_a_full_disk_leaves_the_old_file(world, tmp_path, monkeypatch):
    path = tmp_path / "bieu.xlsx"
    path.write_text("cũ")

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reports.management.commands.export_report.os.replace", full)

    with pytest.raises(CommandError, match="No space left"):
        export(path)
    assert path.read_text() == "cũ"
    assert [file.name for file in tmp_path.iterdir()] == ["bieu.xlsx"]


def test_before_anything_is_loaded_it_still_writes_a_sheet(db, today, tmp_path):
    content = export(tmp_path / "bieu.xlsx", as_of=f"{date(2024, 11, 18)}")

    assert "Chưa có kế hoạch" in " ".join(sheets.texts(content, sheets.TABLE))


def test_help_states_the_rule_and_a_wrong_name_ends_with_1():
    manage = str(Path(__file__).resolve().parents[2] / "manage.py")

    helped = subprocess.run(
        [sys.executable, manage, "export_report", "--help"], capture_output=True, text=True, check=True
    )
    wrong = subprocess.run(
        [sys.executable, manage, "export_report", "x", "--as-of", "2024-01-01", "--output", "x.xlsx"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "tính đến hết ngày --as-of" in " ".join(helped.stdout.split())
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "Không có báo cáo" in wrong.stderr
