"""Twenty people send forms at once to the running server: nothing is lost, nothing is locked, nobody meets a 500."""

import re
import threading
from collections import Counter
from datetime import date
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from django.urls import reverse

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


def test_a_class_takes_no_more_than_its_places(crowd, everybody, live_server):
    """Twenty officers nominate and twenty screen, each another person at the same moment: seven sit, the rest waits."""
    training_class = factories.make_class(date(2024, 12, 2), date(2024, 12, 6), capacity=7)
    candidates = [factories.make_candidate(crowd.north_1) for _ in everybody]
    url = reverse("candidates:nominate", args=[training_class.pk])

    def nominate(person):
        return person.send(url, {"people": candidates[everybody.index(person)].pk})

    assert statuses(at_once(nominate, everybody)) == {302: PEOPLE}
    centre = [Person(crowd.center, live_server.url) for _ in range(PEOPLE)]
    sent = list(training_class.enrolments.order_by("pk").values_list("pk", flat=True))

    def screen(person):
        pk = sent[centre.index(person)]
        verdict = {f"{pk}-version": 1, f"{pk}-verdict": "eligible"}
        others = {f"{other}-version": 1 for other in sent if other != pk}
        return person.send(reverse("candidates:screen", args=[training_class.pk]), verdict | others)

    answers = statuses(at_once(screen, centre))
    assert answers[500] == 0
    states = Counter(Enrolment.objects.values_list("state", flat=True))
    assert states["enrolled"] == 7
    assert states["enrolled"] + states["waiting"] + states["nominated"] == PEOPLE


def test_nobody_is_sent_to_two_classes_of_the_same_days(crowd, everybody):
    """Twenty officers send the same person to twenty classes at the same moment: one of them does."""
    classes = [factories.make_class(date(2024, 12, 2), date(2024, 12, 6)) for _ in everybody]
    candidate = factories.make_candidate(crowd.north_1)

    def nominate(person):
        url = reverse("candidates:nominate", args=[classes[everybody.index(person)].pk])
        return person.send(url, {"people": candidate.pk})

    assert statuses(at_once(nominate, everybody)) == {302: 1, 422: PEOPLE - 1}


def test_moving_a_class_puts_nobody_into_two_at_once(crowd, everybody, live_server):
    """Ten move a class of somebody to days of which ten others send the same person to another class."""
    candidate = factories.make_candidate(crowd.north_1)
    moved, other = factories.make_class(date(2024, 12, 2)), factories.make_class(date(2024, 12, 16))
    factories.enrol(moved, candidate)
    centre = [Person(crowd.center, live_server.url) for _ in range(PEOPLE // 2)]
    days = {"number": moved.number, "year": 2024, "from_on": "16/12/2024", "to_on": "20/12/2024"}
    edit, send = reverse("candidates:class_edit", args=[moved.pk]), reverse("candidates:nominate", args=[other.pk])

    def act(person):
        if person in centre:
            return person.send(edit, days | {"version": moved.version})
        return person.send(send, {"people": candidate.pk})

    answers = statuses(at_once(act, [*centre, *everybody[: PEOPLE // 2]]))
    assert answers[500] == 0
    moved.refresh_from_db()
    is_moved, is_sent = moved.from_on == other.from_on, other.enrolments.exists()
    assert (is_moved, is_sent) in ((True, False), (False, True))


def test_one_revision_of_a_target_wins(crowd, live_server):
    board = [Person(crowd.board, live_server.url) for _ in range(PEOPLE)]
    url = reverse("targets:revise", args=[crowd.north.slug])

    answers = statuses(at_once(lambda person: person.send(url, REVISION), board))

    assert answers == {302: 1, 409: PEOPLE - 1}
