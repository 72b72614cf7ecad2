"""Make the first Board officer and the first system administrator, on the server's console."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from organizations.actions import accounts
from organizations.models import Organization, User

ASKED = {
    "board_username": "Board officer, name to sign in with: ",
    "board_name": "Board officer, full name: ",
    "admin_username": "System administrator, name to sign in with: ",
    "admin_name": "System administrator, full name: ",
}


class Command(BaseCommand):
    help = (
        "Make one Board officer, who is its head, and one system administrator: two different people, each with a "
        "single-use password good for 72 hours, printed here and stored nowhere. Works only while no Board officer "
        "exists. Afterwards it only resets one of these two kinds of accounts (--recover USERNAME), which every Board "
        "officer sees on the home page for 30 days."
    )

    def add_arguments(self, parser):
        for name in ASKED:
            parser.add_argument(f"--{name.replace('_', '-')}", default="")
        parser.add_argument("--recover", metavar="USERNAME", help="reset a Board officer's or administrator's password")
        parser.add_argument("--reason", default="", help="why (with --recover), kept in the history")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")

    def handle(self, *args, recover, reason, dry_run, **options):
        try:
            if recover:
                self._recover(recover, reason, dry_run)
            else:
                self._create({name: options[name] for name in ASKED}, dry_run)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error

    def _create(self, values: dict, dry_run: bool):
        if accounts.has_board_officer():
            raise CommandError("A Board officer exists. Use --recover USERNAME to reset a password.")
        for name, question in ASKED.items():
            values[name] = (values[name] or input(question)).strip()
            if not values[name]:
                raise CommandError(f"--{name.replace('_', '-')} is needed.")
        try:
            made = accounts.create_first_officers(**values, dry_run=dry_run)
        except accounts.NotFirst as error:
            raise CommandError("A Board officer exists. Use --recover USERNAME to reset a password.") from error
        except Organization.DoesNotExist as error:
            raise CommandError("There is no organization yet. Run load_plan first.") from error
        for user, first in made.items():
            self._print(user, first, dry_run)

    def _recover(self, username: str, reason: str, dry_run: bool):
        reason = reason or "Đặt lại mật khẩu trên máy chủ"
        try:
            user, first = accounts.recover(username=username, reason=reason, dry_run=dry_run)
        except User.DoesNotExist as error:
            raise CommandError(f"{username} is no active Board officer or system administrator.") from error
        self._print(user, first, dry_run)

    def _print(self, user, first, dry_run: bool):
        if dry_run:
            self.stdout.write(f"{user.username} ({user.full_name}): would get a first password. Nothing was written.")
        else:
            self.stdout.write(
                f"{user.username} ({user.full_name}): first password {first.clear} (once, within 72 hours)"
            )
