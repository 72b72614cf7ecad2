"""What every command that takes a file in asks first: who stands for it, and what is in the file."""

from pathlib import Path

from django.core.management.base import CommandError

from organizations.models import User


def account(username: str) -> User:
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"Không có tài khoản “{username}” đang hoạt động.")
    return user


def content_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as refusal:
        raise CommandError(f"Không đọc được tệp {file}: {refusal.strerror}.") from None
