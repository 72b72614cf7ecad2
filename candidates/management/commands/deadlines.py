"""The deadlines of a day on the console: the same lists as Việc hôm nay."""

import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from candidates import due
from candidates.actions.events import rule_book
from candidates.models import StageEvent
from candidates.next_steps import HINTS
from organizations.models import User
from vuthu_recruit import clock
from vuthu_recruit.dates import FIRST_YEAR, LAST_YEAR, show_day


class Command(BaseCommand):
    help = (
        "Liệt kê thời hạn tính đến một ngày: quá hạn, trong 7 ngày, trong 30 ngày, gấp nhất trước. "
        "Mỗi thời hạn tính theo bộ quy định có hiệu lực khi nó bắt đầu, bằng ngày làm việc theo lịch đang có."
    )

    def add_arguments(self, parser):
        parser.add_argument("--as-of", type=date.fromisoformat, help="ngày, dạng 2024-11-18 (mặc định: hôm nay)")
        parser.add_argument("--as", dest="username", default="", help="chỉ những việc của tài khoản này")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="cách viết (mặc định: text)")

    def handle(self, *args, **options):
        today, rules = options["as_of"] or clock.today(), rule_book()
        if not FIRST_YEAR <= today.year < LAST_YEAR:
            raise CommandError(f"--as-of phải trong khoảng {FIRST_YEAR}–{LAST_YEAR - 1}.")
        standing = StageEvent.objects.standing_on(today)
        if options["username"]:
            user = User.objects.filter(username=options["username"]).first()
            if user is None:
                raise CommandError(f"Không có tài khoản {options['username']}.")
            standing = standing.filter(due.turns_of(user, due.deserted_units()))
        rows = due.due(standing, today, **rules)
        found = due.read(rows, due.in_order(rows, today, **rules), today, **rules)
        if options["format"] == "json":
            self.stdout.write(json.dumps([_plain(one) for one in found], ensure_ascii=False, indent=1))
            return
        for bucket in due.Bucket:
            of_bucket = [one for one in found if one.bucket == bucket]
            self.stdout.write(f"{bucket.label}: {len(of_bucket)} người")
            for one in of_bucket:
                self.stdout.write(f"  {_line(one)}")


def _line(one: due.Due) -> str:
    person, unit = one.event.candidate, one.event.unit
    words = f"{one.deadline.words}, hạn {show_day(one.deadline.due)}"
    note = f" ({one.deadline.note})" if one.deadline.note else ""
    return f"{person.full_name} · {unit.place_words} · {HINTS[due.turn(one.event)]} · {words}{note}"


def _plain(one: due.Due) -> dict:
    return {
        "candidate": one.event.candidate_id,
        "full_name": one.event.candidate.full_name,
        "unit": one.event.unit.place_words,
        "next_step": str(due.turn(one.event)),
        "clock": str(one.deadline.clock),
        "since": one.event.clock_from.isoformat(),
        "due": one.deadline.due.isoformat(),
        "left": one.deadline.left,
        "unit_of_left": one.deadline.unit,
        "bucket": str(one.bucket),
        "note": one.deadline.note,
    }
