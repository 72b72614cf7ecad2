"""Send each user the counts of Việc hôm nay by e-mail: numbers and a link, never a name."""

from django.conf import settings
from django.core.mail import get_connection, send_mail
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from organizations.models import User
from reports.today import sections
from reports.today_accounts import Section
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day


class Command(BaseCommand):
    help = (
        "Gửi thư tóm tắt Việc hôm nay cho mỗi tài khoản đang hoạt động có địa chỉ thư: chỉ số lượng và một liên kết, "
        "không có tên ai. Ai không có việc thì không gửi. Cần EMAIL_URL và SITE_URL."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="viết ra màn hình, không gửi")

    def handle(self, *args, dry_run: bool, **options):
        if not settings.SITE_URL or not (settings.EMAIL_IS_CONFIGURED or dry_run):
            raise CommandError("Chưa cấu hình thư điện tử: đặt EMAIL_URL và SITE_URL rồi chạy lại.")
        sent = 0
        users = User.objects.filter(is_active=True, must_change_password=False).exclude(email="").order_by("pk")
        with get_connection() as connection:
            for user in users:
                found = sections(user)
                if not found:
                    continue
                if dry_run:
                    self.stdout.write(f"{user.username}\n{_body(found)}\n")
                else:
                    subject = f"Việc hôm nay, {show_day(clock.today())}"
                    send_mail(subject, _body(found), None, [user.email], connection=connection)
                sent += 1
        self.stdout.write(f"{'Sẽ gửi' if dry_run else 'Đã gửi'} {sent} thư.")


def _body(found: list[Section]) -> str:
    lines = [f"- {section.title}: {section.total}" for section in found]
    link = f"{settings.SITE_URL.rstrip('/')}{reverse('home')}"
    return "\n".join([*lines, "", f"Mở danh sách: {link}"])
