"""Load the rule sets, the calendar and the catalogue of forms that are not there yet."""

from django.core.management.base import BaseCommand
from django.db import transaction

from candidates.actions.rules import load_rules
from organizations import changes
from organizations.models import Change


class Command(BaseCommand):
    help = (
        "Nạp các bộ quy định, lịch ngày nghỉ và ngày làm bù 2016–2027, biểu mẫu hồ sơ, nội dung thẩm định, "
        "loại lớp và thang xếp loại. "
        "Chạy lại bao nhiêu lần cũng được: chỉ thêm những gì còn thiếu, không bao giờ sửa những gì đã có."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="làm thử, báo số, rồi bỏ hết")

    @transaction.atomic
    def handle(self, *args, dry_run: bool, **options):
        with changes.coming_from(Change.Via.COMMAND):
            loaded = load_rules()
        words = f"{len(loaded.sets)} bộ quy định, lịch của {len(loaded.years)} năm, "
        words += f"{len(loaded.forms)} biểu mẫu hồ sơ, {len(loaded.questions)} nội dung thẩm định, "
        words += f"{len(loaded.kinds)} loại lớp, {len(loaded.grades)} xếp loại"
        if dry_run:
            transaction.set_rollback(True)
            self.stdout.write(f"Làm thử, không lưu. Sẽ thêm: {words}.")
        elif options["verbosity"]:
            self.stdout.write(f"Đã thêm: {words}.")
