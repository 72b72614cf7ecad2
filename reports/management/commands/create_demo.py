"""Fills an empty demo database with synthetic people and demo accounts."""

from datetime import date
from itertools import islice

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from candidates.actions.rules import load_rules
from candidates.models import Candidate
from organizations import changes
from organizations.models import Change, Kind, Organization, User
from organizations.permissions import Role
from reports.demo import accounts, classroom, courses, meetings, places, plan
from reports.demo.lives import LAST, lives
from reports.demo.training import Register
from reports.demo.writing import Scribe
from targets.models import AdmissionPlan
from vuthu_recruit import clock

FIRST_TODAY = date(2022, 1, 3)
AT_ONCE = 1000
IN_ONE_PIECE = 5000


class Command(BaseCommand):
    help = (
        "Tạo người mẫu (không có thật) quanh một ngày, và tài khoản mẫu cho mọi vai trò. Chỉ chạy khi DEMO=1; từ chối "
        "cơ sở dữ liệu đã có người thật hoặc tài khoản thật. Cùng --seed thì ra cùng những người."
    )

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=51, help="cùng số thì cùng người (mặc định 51)")
        parser.add_argument("--candidates", type=int, default=700, help="số người (mặc định 700)")
        parser.add_argument("--today", type=date.fromisoformat, help="coi như hôm nay (mặc định: DEMO_TODAY)")
        parser.add_argument("--password", default=accounts.PASSWORD, help="mật khẩu chung của tài khoản mẫu")
        parser.add_argument("--if-empty", action="store_true", help="đã có người thì không làm gì")
        parser.add_argument("--dry-run", action="store_true", help="làm thử, báo số, rồi bỏ hết")

    def handle(self, *, seed, candidates, today, password, if_empty, dry_run, **options):
        if if_empty and Candidate.objects.exists():
            self.stdout.write("Đã có người trong cơ sở dữ liệu, không tạo thêm.")
            self._say_accounts(password)
            return
        today = today or clock.today()
        self._refuse(candidates, today)
        with changes.coming_from(Change.Via.COMMAND), _whole_if(candidates <= IN_ONE_PIECE or dry_run):
            made = _create(seed, candidates, today, password)
            if dry_run:
                transaction.set_rollback(True)
        for words, count in made.items():
            self.stdout.write(f"{count:>8} {words}")
        if dry_run:
            self.stdout.write("Làm thử: không giữ lại gì.")
            return
        self._analyze()
        self._say_accounts(password)

    def _refuse(self, count: int, today: date) -> None:
        if not settings.DEMO:
            raise CommandError("create_demo chỉ chạy khi DEMO=1: tài khoản mẫu không bao giờ vào cơ sở dữ liệu thật.")
        if Candidate.objects.filter(is_sample=False).exists():
            raise CommandError("Cơ sở dữ liệu này có người thật. Hãy dùng một cơ sở dữ liệu mới cho bản mẫu.")
        if User.objects.filter(is_demo=False).exists():
            raise CommandError("Cơ sở dữ liệu này có tài khoản thật. Hãy dùng một cơ sở dữ liệu mới cho bản mẫu.")
        if Candidate.objects.exists():
            raise CommandError("Đã có người mẫu. Hãy dùng một cơ sở dữ liệu mới, hoặc --if-empty.")
        if not 0 <= count <= 1_000_000:
            raise CommandError("--candidates phải từ 0 đến 1.000.000.")
        if not FIRST_TODAY <= today <= clock.today():
            raise CommandError(f"--today phải từ {FIRST_TODAY} đến {clock.today()}: không có việc nào ở tương lai.")

    def _analyze(self) -> None:
        """Fresh statistics, so that the first page is planned as well as the hundredth."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _say_accounts(self, password: str) -> None:
        cast = list(
            User.objects.filter(is_demo=True, username__in=accounts.shown_usernames()).prefetch_related(
                "assignments__organization"
            )
        )
        if not cast:
            return
        self.stdout.write("\nTài khoản mẫu (mật khẩu chung, nếu chưa đổi: " + password + ")")
        for user in sorted(cast, key=accounts.print_order):
            roles = {Role(one.role).label for one in user.assignments.all()}
            where = ", ".join(one.organization.short_name for one in user.assignments.all())
            self.stdout.write(f"  {user.username:<22} {' / '.join(sorted(roles)):<28} {where}")


def _whole_if(whole: bool):
    """One transaction for all, or (a big load) one for each batch."""
    from contextlib import nullcontext

    return transaction.atomic() if whole else nullcontext()


def _create(seed: int, count: int, today: date, password: str) -> dict[str, int]:
    if not (AdmissionPlan.objects.exists() and Organization.objects.filter(kind=Kind.DISTRICT).exists()):
        call_command("load_plan", verbosity=0)
    load_rules()
    the_plan = AdmissionPlan.objects.get()
    head = accounts.open_accounts(seed, password).board[0]
    made = {"chi bộ": places.open_branches(seed, head)}
    cast = accounts.open_accounts(seed, password)  # once more: the officers of branches
    made["tài khoản mẫu"] = len(cast.posts)
    made["số liệu đơn vị"] = places.record_figures(seed, today, head)
    ground = places.survey(seed, today)
    accounts.introduce_bodies(ground, cast)
    awareness, later = courses.awareness(today), courses.new_members(today)
    register = Register([*awareness, *later, *courses.committees(today)], today, count, cast.center)
    made["lớp học"] = sum(len(classes) for classes in register.classes.values())
    register.fill_committees(seed, [(unit.unit.key, unit.short_name) for unit in ground.units])
    made["người"] = _write(Scribe(seed, ground, cast, register), lives(seed, count, ground, awareness, later))
    made["đề cử đi học"] = classroom.bring_to_life(seed, today, cast)
    made["chỉ tiêu điều chỉnh"] = plan.revise_targets(the_plan, today, head)
    made["số dư đầu kỳ"] = plan.open_balances(seed, the_plan, today, head)
    made["kỳ họp"] = meetings.hold(today, head)
    made["việc chờ xác nhận"] = accounts.leave_proposals(seed, cast, make_password(password))
    return made


def _write(scribe: Scribe, everyone) -> int:
    """In batches; whoever resembles someone, or comes back, comes last, when that someone is known."""
    written, alike = 0, []
    while batch := list(islice(everyone, AT_ONCE)):
        written += len(batch)
        scribe.write([life for life in batch if life.kind not in LAST])
        alike += [life for life in batch if life.kind in LAST]
    scribe.write(alike)
    return written
