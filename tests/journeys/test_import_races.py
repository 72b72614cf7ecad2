"""Lists confirmed, undone and sent at the same moment: nothing doubled, nothing half, each loser is told in words."""

import threading
from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from candidates.models import Candidate, NeutralAnswer, StageEvent
from candidates.pipeline import Status
from organizations.models import Change, ImportBatch, ImportedRow
from organizations.permissions import Role
from tests import factories
from tests.candidates.test_editing import typed
from tests.candidates.test_people_import import row, song_lang, workbook
from tests.meta.crawl import client_for

pytestmark = pytest.mark.django_db(transaction=True)

SAID = {
    302: "",
    409: ("Chưa nhập gì", "không ghi gì thêm", "Có người vừa sửa", "vừa được sửa", "vừa sửa"),
    422: ("Chưa hoàn tác", "vừa", "đã rút"),
}


@pytest.fixture
def world(transactional_db, today):
    return factories.build_world()


@pytest.fixture
def officers(world):
    """Two accounts of one unit."""
    first, second = song_lang(world), factories.make_user("lang_officer_2")
    factories.assign(second, Role.UNIT_OFFICER, first.assignments.get().organization)
    return first, second


def together(*works) -> list:
    """The answers of all works, begun at the same moment. None is a server error, and each refusal says why."""
    gate, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(number, work):
        try:
            gate.wait()
            answers[number] = work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answer in answers:
        words = answer.content.decode()
        assert answer.status_code in SAID, (answer.status_code, words[:2000])
        assert answer.status_code == 302 or any(one in words for one in SAID[answer.status_code]), words[:5000]
    return answers


def statuses(answers) -> Counter:
    return Counter(answer.status_code for answer in answers)


def send(client, content: bytes):
    data = {"unit": "13213", "entered_on": "15/1/2024", "file": SimpleUploadedFile("Danh sách.xlsx", content)}
    return client.post(reverse("organizations:import_new", args=["people"]), data)


class Page:
    """A preview opened by somebody, ready to be confirmed."""

    def __init__(self, user, *rows):
        self.client = client_for(user)
        self.url = send(self.client, workbook(*rows)).url
        self.batch = ImportBatch.objects.get(pk=self.url.strip("/").split("/")[-1])
        self.opened = self.client.get(self.url)

    def confirm(self):
        form = self.opened.context["form"]
        data = {"confirm": "1", "version": form["version"].value(), "seen": form["seen"].value()}
        return self.client.post(self.url, data)

    def again_by(self, user) -> "Page":
        """The same import on the screen of another."""
        other = object.__new__(Page)
        other.client, other.url, other.batch = client_for(user), self.url, self.batch
        other.client.post(self.url, {"again": "1"})  # read for this account too
        other.opened = other.client.get(self.url)
        return other

    def undo(self):
        version = ImportBatch.objects.get(pk=self.batch.pk).version
        data = {"version": version, "reason": "Tải nhầm danh sách của năm trước"}
        return lambda: self.client.post(reverse("organizations:import_undo", args=[self.batch.pk]), data)


def people(count: int, first: int = 0) -> list[tuple]:
    names = ("An", "Bình", "Chi", "Dung", "Giang", "Hà", "Khánh", "Lan")
    return [
        row(**{"Họ và tên": f"Lê Thị {names[n]}", "Số CCCD": f"0001900000{n:02}", "Ngày sinh": f"{n + 1}/2/1990"})
        for n in range(first, first + count)
    ]


def check_whole(count: int) -> None:
    """Each person stands once, with one event, one history and one row of an import."""
    assert Candidate.objects.filter(unit__grassroots__slug="13213").count() == count
    assert StageEvent.objects.count() == count
    assert ImportedRow.objects.filter(is_new=True).count() == count
    assert Change.objects.filter(action="candidate.enter", object_type="candidates.Candidate").count() == count
    for batch in ImportBatch.objects.all():
        assert (batch.applied_at is None) == (batch.started_at is None), "who lost has not been cut off"
        assert (batch.applied_at is None) == (not batch.rows.exists())


@pytest.mark.parametrize("browsers", [2, 6])
def test_one_preview_confirmed_in_many_browsers_is_written_once(browsers, officers):
    page = Page(officers[0], *people(8))
    pages = [page.again_by(officers[number % 2]) for number in range(browsers)]

    answers = together(*(one.confirm for one in pages))

    assert statuses(answers) == {302: 1, 409: browsers - 1}
    check_whole(8)


@pytest.mark.parametrize("accounts", [(0, 0), (0, 1)], ids=["one account", "two accounts"])
@pytest.mark.parametrize("with_number", [True, False], ids=["numbers", "names alone"])
def test_two_files_with_the_same_people_write_them_once(accounts, with_number, officers):
    """In two orders, so that neither may wait for what the other holds."""
    rows = people(8) if with_number else [(*one[:5], None, one[6]) for one in people(8)]
    more = row(**{"Họ và tên": "Lê Thị Thêm", "Số CCCD": "000190000099"})
    pages = [Page(officers[accounts[0]], *rows), Page(officers[accounts[1]], *reversed(rows), more)]

    answers = together(*(one.confirm for one in pages))

    assert statuses(answers) == {302: 1, 409: 1}
    check_whole(8 if answers[0].status_code == 302 else 9)


def test_two_files_with_other_people_are_both_written(officers):
    pages = [Page(officers[0], *people(4)), Page(officers[1], *people(4, first=4))]
    assert statuses(together(*(one.confirm for one in pages))) == {302: 2}
    check_whole(8)


def test_whoever_edits_during_a_confirmation_loses_nothing(officers):
    """Either is told that the other was quicker; or the edit came first, changed another field, and both stand."""
    Page(officers[0], *people(3)).confirm()
    person = Candidate.objects.get(full_name="Lê Thị Bình")
    changed = [(*one[:6], "Thôn Trung") for one in people(3)]
    page, url = Page(officers[0], *changed), reverse("candidates:edit", args=[person.pk])
    client, form = client_for(officers[1]), typed(person, workplace="Trường học")

    file, edit = together(page.confirm, lambda: client.post(url, form))

    person.refresh_from_db()
    came_in, was_edited = file.status_code == 302, edit.status_code == 302
    assert came_in or was_edited
    assert person.version == 1 + came_in + was_edited
    assert person.workplace == ("Trường học" if was_edited else "")
    assert Candidate.objects.filter(residence="Thôn Trung").count() == (3 if came_in else 0)
    assert Change.objects.filter(action="candidate.edit").count() == (3 if came_in else 0) + was_edited


def test_whoever_edits_during_an_undo_loses_nothing(officers):
    page = Page(officers[0], *people(3))
    page.confirm()
    person = Candidate.objects.get(full_name="Lê Thị Bình")
    client, form = client_for(officers[1]), typed(person, workplace="Trường học")
    url = reverse("candidates:edit", args=[person.pk])

    undo, edit = together(page.undo(), lambda: client.post(url, form))

    person.refresh_from_db()
    gone = Candidate.objects.filter(status=Status.WITHDRAWN).count()
    if undo.status_code == 302:
        assert (edit.status_code, person.workplace, gone) == (409, "", 3)
    else:
        assert (undo.status_code, edit.status_code, person.workplace, gone) == (422, 302, "Trường học", 0)


def test_one_import_undone_twice_at_once_is_undone_once(officers):
    page = Page(officers[0], *people(8))
    page.confirm()
    answers = together(page.undo(), page.undo())
    assert statuses(answers)[302] >= 1
    assert Candidate.objects.filter(status=Status.WITHDRAWN).count() == 8
    assert Change.objects.filter(action="import.undo").count() == 1


def test_two_files_sent_at_once_are_never_told_more_than_a_day_may(world, officers):
    """Each asks of three people of another commune: one is answered, the other refused whole."""
    contents = []
    for first in (0, 3):
        rows = people(3, first=first)
        for one in rows:
            factories.make_candidate(world.north_1, full_name=one[1], identity_number=one[5])
        contents.append(workbook(*rows))
    clients = [client_for(officers[0]) for _ in contents]

    together(*(lambda client=client, content=content: send(client, content)
               for client, content in zip(clients, contents, strict=True)))  # fmt: skip

    told = NeutralAnswer.objects.filter(asked_by=officers[0]).exclude(key=NeutralAnswer.CLOSED)
    assert told.count() <= 5
    states = sorted(str(one.state) for one in ImportBatch.objects.all())
    assert states == ["preview", "refused"]
    told = [
        clients[0].get(one.get_absolute_url()).content.decode() for one in ImportBatch.objects.order_by("refused_on")
    ]
    assert sum("Chờ Ban Tổ chức đối chiếu" in page for page in told) == 1
