"""Takes in a list of people from the shell: the same reading, the same sentences, the same rules as the page."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from organizations.actions import imports as actions
from organizations.imports import reading
from organizations.imports.preview import LABELS, STOPS, WHOLE_FILE, Kind, Line, Preview, in_words
from organizations.imports.registry import IMPORTERS
from organizations.imports.shell import account, content_of
from organizations.models import ImportBatch, Organization
from organizations.scope import may_in
from organizations.versions import Conflict
from vuthu_recruit import clock
from vuthu_recruit.dates import DateError, parse_day
from vuthu_recruit.spreadsheet import Unreadable

KEY = "people"
BAR = 30  # characters


class Command(BaseCommand):
    help = (
        "Nhập danh sách quần chúng từ tệp Excel, theo đúng quyền và phạm vi của tài khoản. Mặc định nhập tất cả hoặc "
        "không nhập dòng nào: còn một dòng lỗi hoặc phải hỏi thì không ghi gì. Kết thúc với mã khác 0 khi có dòng "
        "không được nhập."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="tệp .xlsx, .xls hoặc .ods")
        parser.add_argument("--unit", required=True, metavar="SLUG", help="đơn vị của danh sách")
        parser.add_argument("--as", required=True, dest="username", metavar="USERNAME", help="tài khoản đứng tên nhập")
        parser.add_argument("--entered-on", metavar="DAY", help="ngày đưa vào nguồn; mặc định hôm nay")
        parser.add_argument("--dry-run", action="store_true", help="chỉ xem trước, không ghi")
        parser.add_argument("--only-valid", action="store_true", help="nhập các dòng đúng, bỏ qua các dòng còn lại")

    def handle(self, *args, file: Path, unit: str, username: str, **options):
        by, organization = account(username), _unit(unit)
        importer = IMPORTERS[KEY]
        if not may_in(by, importer.needs, organization):
            raise CommandError(f"{by.full_name} không có quyền nhập danh sách cho {organization.name}.")
        self._tell_of_interrupted(organization)
        sent = {"name": file.name, "content": content_of(file), "is_large": True}
        try:
            reading.read_first(importer, is_pasted=False, **sent)
        except Unreadable as refusal:
            raise CommandError(str(refusal)) from None
        entered_on = _day(options["entered_on"])
        batch = actions.keep_file(
            importer=KEY, organization=organization, options={"entered_on": entered_on.isoformat()}, by=by, **sent
        )
        layout = reading.layout_of(batch)
        if not layout.is_clear:
            raise CommandError("Có cột chưa rõ nghĩa. Mở tệp này ở trang “Nhập Excel” một lần để chọn nghĩa các cột.")
        preview = actions.look(batch=batch, by=by)
        if preview is None:
            raise CommandError(ImportBatch.objects.get(pk=batch.pk).refusal or actions.CLOSED)
        self._show(preview, ImportBatch.objects.defer("content").get(pk=batch.pk))
        seen, wrong, ready = preview.digest, len(preview.stops), len(preview.writes)
        del preview  # half a gigabyte of a large list: the confirmation judges it anew
        if not options["dry_run"]:
            if wrong and not options["only_valid"]:
                self.stdout.write("Chưa ghi gì. Sửa các dòng trên, hoặc dùng --only-valid.")
            elif not ready:
                self.stdout.write("Không có gì mới để ghi.")
            else:
                self._write(batch, seen, by, only_valid=options["only_valid"])
        if wrong:
            raise CommandError(f"{wrong} dòng không được nhập.", returncode=2)

    def _tell_of_interrupted(self, organization: Organization) -> None:
        """What was cut off the last time wrote nothing; that is said before anything else."""
        rows = ImportBatch.objects.unfinished()
        rows = rows.filter(importer=KEY, organization=organization, started_at__isnull=False)
        for batch in rows.defer("content").order_by("pk"):
            if batch.state == ImportBatch.State.INTERRUPTED:
                self.stdout.write(f"Lần nhập “{batch.name}” trước đây bị gián đoạn: chưa ghi dòng nào.")

    def _show(self, preview: Preview, batch: ImportBatch) -> None:
        said = batch.answers.get(WHOLE_FILE, {})
        for line in preview.lines:
            for sentence in _sentences(line):
                self.stdout.write(f"Dòng {line.number}, {line.title}: {sentence}")
        for question in (one for one in preview.questions if one.key not in said):
            self.stdout.write(f"Chưa rõ: {question.text} Trả lời ở trang “Nhập Excel”, hoặc sửa trong tệp.")
        for one in preview.left_out:
            self.stdout.write(f"Dòng {one.number} không đọc: {one.text}")
        self.stdout.write(f"{len(preview.lines)} dòng: {in_words(preview.tally)}.")

    def _write(self, batch: ImportBatch, seen: str, by, *, only_valid: bool) -> None:
        version = ImportBatch.objects.values_list("version", flat=True).get(pk=batch.pk)
        try:
            done = actions.confirm(
                batch=batch,
                seen=seen,
                only_valid=only_valid,
                version=version,
                by=by,
                progress=self._progress if self.stderr.isatty() else None,
            )
        except (actions.Moved, Conflict):
            raise CommandError("Dữ liệu vừa thay đổi trong lúc nhập. Chưa ghi gì; hãy chạy lại.") from None
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        self.stdout.write(self.style.SUCCESS(f"Đã nhập: {actions.told(done)}."))

    def _progress(self, done: int, total: int) -> None:
        """One line that is written over; only where somebody looks."""
        filled = BAR * done // total
        bar = "█" * filled + "░" * (BAR - filled)
        words = f"{bar} đã ghi {_grouped(done)}/{_grouped(total)} dòng"
        self.stderr.write(words, style_func=str, ending="\n" if done == total else "\r")


def _sentences(line: Line) -> Iterator[str]:
    """Errors and questions of a row; of other rows what was read in which way."""
    if line.kind in STOPS:
        yield from (one.message for one in line.errors)
        yield from (one.text for one in line.questions)
    if line.kind == Kind.WAITING:
        yield LABELS[line.kind]
    yield from (one.message for one in (*line.doubts, *line.notices))


def _unit(slug: str) -> Organization:
    unit = Organization.objects.filter(slug=slug).first()
    if unit is None or not unit.is_open_on(clock.today()):
        raise CommandError(f"Không có đơn vị “{slug}” đang hoạt động.")
    return unit


def _day(typed: str | None) -> date:
    if typed is None:
        return clock.today()
    try:
        day = parse_day(typed)
    except DateError as refusal:
        raise CommandError(str(refusal)) from None
    if day > clock.today():
        raise CommandError(f"Ngày {typed} chưa đến.")
    return day


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")
