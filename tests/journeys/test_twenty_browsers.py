"""Twenty people send forms at once to the running server: nothing is lost, nothing is locked, nobody meets a 500."""

import re
import threading
from collections import Counter
from datetime import date
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from django.urls import reverse

from candidates.actions import training
from candidates.models import Candidate, Enrolment
from candidates.pipeline import Stage, Step
from organizations.models import Change
from tests import factories
from tests.candidates.test_editing import typed
from tests.candidates.test_entering import data as entered
from tests.meta.crawl import client_for
from tests.targets.test_targets import FORM as REVISION

PEOPLE, EDITS = 20, 1

pytestmark = pytest.mark.django_db(transaction=True)


class Person:
    """Somebody signed in, with a connection and a token of their own."""

    def __init__(self, user, address: str):
        self.address = urlsplit(address).netloc
        client = client_for(user)
        page = client.get(reverse("help")).content.decode()
        self.token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        self.cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())

    def send(self, url: str, values: dict) -> tuple[int, str]:
        body = urlencode(values | {"csrfmiddlewaretoken": self.token}, doseq=True)
        headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"}
        line = HTTPConnection(self.address, timeout=120)
        try:
            line.request("POST", url, body, headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        finally:
            line.close()


@pytest.fixture
def crowd(transactional_db, today):
    return factories.build_world()


@pytest.fixture
def everybody(crowd, live_server):
    """Twenty sessions of the unit's officer, each at a machine of its own."""
    return [Person(crowd.north_officer, live_server.url) for _ in range(PEOPLE)]


def at_once(work, people=range(PEOPLE)) -> list:
    """work(one) for everybody at the same moment; what each returned."""
    gate, results = threading.Barrier(len(people)), [None] * len(people)

    def run(number, one):
        gate.wait()
        results[number] = work(one)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def statuses(answers) -> Counter:
    return Counter(status for status, _page in answers)


def test_everybody_edits_one_record_until_it_is_saved(crowd, everybody):
    """Whoever comes second is shown the new version and sends again: no edit is lost."""
    candidate = factories.make_candidate(crowd.north_1)
    url, start = reverse("candidates:edit", args=[candidate.pk]), candidate.version
    form = typed(candidate)

    def edit(person):
        version, met = form["version"], Counter()
        for number in range(EDITS):
            status = None
            while status != 302:
                place = f"Nơi {everybody.index(person)}.{number}"
                status, page = person.send(url, form | {"workplace": place, "version": version})
                met[status] += 1
                if status == 409:
                    version = re.search(r'name="version" value="(\d+)"', page)[1]
                elif status != 302:
                    return met
            version = int(version) + 1
        return met

    met = sum(at_once(edit, everybody), Counter())

    assert set(met) == {302, 409}
    assert Candidate.objects.get(pk=candidate.pk).version == start + PEOPLE * EDITS
    assert Change.objects.filter(action="candidate.edit").count() == PEOPLE * EDITS


def test_everybody_enters_somebody(crowd, everybody):
    url = reverse("candidates:create")

    def enter(person):
        number = everybody.index(person)
        values = {"form_key": f"{number:032d}", "full_name": f"Người Thứ {number}", "birth": f"{number + 1}/3/1995"}
        return person.send(url, entered(crowd, **values))

    assert statuses(at_once(enter, everybody)) == {302: PEOPLE}
    assert Candidate.objects.listed().count() == PEOPLE


def test_one_form_sent_by_everybody_enters_one_person(crowd, everybody):
    url = reverse("candidates:create")

    answers = statuses(at_once(lambda person: person.send(url, entered(crowd)), everybody))

    assert answers == {302: PEOPLE}
    assert Candidate.objects.count() == 1


def test_one_step_is_taken_once(crowd, everybody):
    candidate = factories.advance(factories.make_candidate(crowd.north_1), Stage.TRAINED)
    url = reverse("candidates:step", args=[candidate.pk, Step.DOSSIER])
    values = {"happened_on": "9/1/2023", "version": candidate.version}

    answers = statuses(at_once(lambda person: person.send(url, values), everybody))

    assert (answers[302], answers[500]) == (1, 0)
    assert candidate.events.filter(step=Step.DOSSIER).count() == 1


def test_a_class_takes_no_more_than_its_places(crowd, everybody):
    values = {"organization": crowd.district, "number": 1, "year": 2024, "capacity": 7}
    days = {"from_on": date(2024, 5, 6), "to_on": date(2024, 5, 10)}
    training_class = training.open_class(values=values | days, by=crowd.center)
    candidates = [factories.make_candidate(crowd.north_1) for _ in everybody]
    url = reverse("candidates:enrol", args=[training_class.pk])

    def enrol(person):
        return person.send(url, {"people": candidates[everybody.index(person)].pk})

    assert statuses(at_once(enrol, everybody)) == {302: 7, 422: PEOPLE - 7}
    assert Enrolment.objects.count() == 7


def test_one_revision_of_a_target_wins(crowd, live_server):
    board = [Person(crowd.board, live_server.url) for _ in range(PEOPLE)]
    url = reverse("targets:revise", args=[crowd.north.slug])

    answers = statuses(at_once(lambda person: person.send(url, REVISION), board))

    assert answers == {302: 1, 409: PEOPLE - 1}
