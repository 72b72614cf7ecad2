"""Fill a database with N demo people; or measure its pages: queries, rows fetched, time. Prints JSON.

Run by test_growth.py as `python -m tests.benchmarks.measure fill N` and `… measure`, with DATABASE_URL naming the
database. The time is the shortest of several: whatever else the machine does only adds to it.
"""

import json
import sys
import time

ROUNDS = 7


def fill(people: int) -> None:
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)  # pages name their files by content
    call_command("migrate", verbosity=0)
    call_command("load_plan", verbosity=0)
    call_command("create_demo", candidates=people, seed=1, verbosity=0)


def pages(user) -> dict[str, str]:
    from django.urls import reverse

    from candidates.models import Candidate

    someone = Candidate.objects.filter(stage="official").order_by("pk").first()
    return {
        "list": reverse("candidates:index"),
        "search": reverse("candidates:index") + "?q=nguyen+thi",  # fills a page at both sizes
        "dashboard": reverse("reports:dashboard"),
        "person": reverse("candidates:detail", args=[someone.pk]),
        "home": reverse("home"),
        "unit": reverse("organizations:detail", args=[someone.unit.grassroots.slug]),
    }


def measure(client, address: str) -> dict:
    """Queries and rows of one visit, the shortest time of several."""
    from django.db import connection
    from django.db.models.sql import compiler

    rows, queries = [], []
    plain = compiler.SQLCompiler.results_iter

    def counting(self, *args, **kwargs):
        for row in plain(self, *args, **kwargs):
            rows.append(1)
            yield row

    assert client.get(address).status_code == 200
    compiler.SQLCompiler.results_iter = counting
    with connection.execute_wrapper(lambda execute, *given: queries.append(1) or execute(*given)):
        client.get(address)
    compiler.SQLCompiler.results_iter = plain
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        client.get(address)
        times.append(time.perf_counter() - start)
    return {"queries": len(queries), "rows": len(rows), "seconds": min(times)}


def main(what: str, *numbers: str) -> None:
    import django

    django.setup()
    if what == "fill":
        fill(int(numbers[0]))
        return
    from django.test import Client

    from organizations.models import User

    user = User.objects.get(username="ban.to.chuc")
    client = Client()
    client.force_login(user, backend="organizations.signin.FirstPasswordBackend")
    print(json.dumps({name: measure(client, address) for name, address in pages(user).items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
