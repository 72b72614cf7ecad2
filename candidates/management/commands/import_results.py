"""Records the Centre's result file from the shell: the same reading, matching and sentences as the page."""

from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from candidates.actions.class_people import RowProblems
from candidates.actions.result_file import apply_file, keep_file
from candidates.actions.results import Result
from candidates.forms.result_file import PreviewForm
from candidates.models import ResultFile, TrainingClass
from candidates.result_file import NotAResultFile
from candidates.result_look import Look, look
from organizations.imports.shell import account, content_of
from organizations.permissions import Permission
from organizations.versions import Conflict
from vuthu_recruit.spreadsheet import Unreadable


class Command(BaseCommand):
    help = (
        "Ghi kết quả lớp học từ tệp Excel của Trung tâm, theo đúng quyền và phạm vi của tài khoản. Mặc định ghi tất cả "
        "hoặc không ghi ai: còn một dòng lỗi, không khớp hoặc phải xem lại thì không ghi gì. Kết thúc với mã khác 0 "
        "khi có dòng không được ghi."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="tệp .xlsx, .xls hoặc .ods")
        parser.add_argument("--class", required=True, dest="class_pk", type=int, metavar="PK", help="số của lớp")
        parser.add_argument("--as", required=True, dest="username", metavar="USERNAME", help="tài khoản đứng tên ghi")
        parser.add_argument("--dry-run", action="store_true", help="chỉ xem trước, không ghi")
        parser.add_argument("--only-valid", action="store_true", help="ghi các dòng khớp chắc chắn, bỏ qua dòng khác")

    def handle(self, *args, file: Path, class_pk: int, username: str, dry_run: bool, only_valid: bool, **options):
        by = account(username)
        training_class = _class(class_pk, by)
        content = content_of(file)
        try:
            seen = look(training_class, name=file.name, content=content, by=by)
        except (Unreadable, NotAResultFile) as refusal:
            raise CommandError(str(refusal)) from None
        form = PreviewForm(PreviewForm(**seen.for_form).untouched, **seen.for_form)
        form.is_valid()  # it is what the form itself would send
        self._show(seen, form)
        refused = set(form.left_out)
        if dry_run:
            self.stdout.write("Chỉ xem trước, chưa ghi gì.")
        elif refused and not only_valid:
            self.stdout.write("Chưa ghi gì. Sửa các dòng trên trong tệp, hoặc dùng --only-valid.")
        elif not form.results:
            self.stdout.write("Không có gì mới để ghi.")
        else:
            refused |= self._write(training_class, file.name, content, form, by, only_valid=only_valid)
        if refused:
            raise CommandError(f"{len(refused)} dòng không được ghi.", returncode=2)

    def _show(self, seen: Look, form: PreviewForm) -> None:
        for row in form.rows(seen.grade_names):
            for sentence in row["problems"]:
                self.stdout.write(f"Dòng {row['row'].number}, {row['row'].name} ({row['kind'].lower()}): {sentence}")
        if seen.table.left_out:
            numbers = ", ".join(map(str, seen.table.left_out))
            self.stdout.write(f"Không đọc các dòng {numbers}: tổng, ghi chú, chữ ký.")
        if seen.table.other_sheets:
            self.stdout.write(f"Không đọc trang tính khác: {', '.join(seen.table.other_sheets)}.")
        for person in seen.missing:
            self.stdout.write(f"Của lớp, không có trong tệp: {person.name}, {person.unit}")
        tally = ", ".join(f"{one['value']} {one['label'].lower()}" for one in form.tally(len(seen.missing)))
        self.stdout.write(f"{len(seen.table.rows)} dòng: {tally}.")

    def _write(
        self, training_class: TrainingClass, name: str, content: bytes, form: PreviewForm, by, *, only_valid: bool
    ) -> set[int]:
        """Record what is sure; the rows that the rules of a class refuse."""
        rows = {key: row for row, key in form.accepted()}
        refused: set[int] = set()
        try:
            kept = keep_file(training_class=training_class, name=name, content=content, by=by)
            try:
                count = apply_file(file=kept, results=form.results, by=by)
            except RowProblems as found:
                refused = self._show_refused(rows, found)
                if not only_valid:
                    self.stdout.write("Chưa ghi gì. Sửa các dòng trên trong tệp, hoặc dùng --only-valid.")
                    return refused
                count = self._write_rest(kept, [one for one in form.results if one.enrolment not in found.rows], by)
        except Conflict:
            raise CommandError("Dữ liệu vừa thay đổi trong lúc ghi. Chưa ghi gì; hãy chạy lại.") from None
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        at = f"{timezone.localtime():%H:%M %d/%m/%Y}"
        self.stdout.write(self.style.SUCCESS(f"Đã ghi kết quả của {count} người, {training_class}, lúc {at}."))
        return refused

    def _write_rest(self, kept: ResultFile, results: Sequence[Result], by) -> int:
        try:
            return apply_file(file=kept, results=results, by=by)
        except RowProblems:  # one row's place or number was another's
            raise CommandError("Các dòng còn lại cũng chưa ghi được. Hãy ghi ở trang kết quả của lớp.") from None

    def _show_refused(self, rows: dict, found: RowProblems) -> set[int]:
        for key, said in found.rows.items():
            for sentence in (sentence for sentences in said.values() for sentence in sentences):
                self.stdout.write(f"Dòng {rows[key].number}, {rows[key].name}: {sentence}")
        return {rows[key].number for key in found.rows}


def _class(pk: int, by) -> TrainingClass:
    rows = TrainingClass.objects.visible_to(by, needs=Permission.CLASS_EDIT).select_related("organization", "kind")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise CommandError(f"Không có lớp số {pk} mà {by.full_name} được ghi kết quả.")
    return found
