"""A file that was never confirmed is thrown away by whoever sent it; whatever else is done to it meanwhile."""

import pytest
from django.urls import reverse

from candidates.models import Candidate
from organizations.actions import imports
from organizations.models import Change, ImportBatch
from organizations.views import imports as pages
from tests.candidates.test_people_import import SAMPLE, batch, confirm, kinds, send, song_lang


@pytest.fixture
def lang(world):
    return song_lang(world)


def drop(client, **values):
    one = batch()
    return client.post(reverse("organizations:import_drop", args=[one.pk]), {"version": one.version} | values)


def test_a_file_sent_by_mistake_is_dropped_with_what_stood_in_it(lang, as_user):
    client = as_user(lang)
    page = send(client, SAMPLE.read_bytes(), SAMPLE.name)
    assert "Bỏ tệp này" in page.content.decode()

    assert drop(client).url == reverse("organizations:imports")

    kept = batch()
    assert (kept.state, bytes(kept.content), kept.dropped_by) == (ImportBatch.State.DROPPED, b"", lang)
    shown = client.get(kept.get_absolute_url()).content.decode()
    assert f"{lang.full_name} đã bỏ tệp này" in shown
    assert "Bỏ tệp này" not in shown
    rows = client.get(reverse("organizations:imports"), {"muc": "tu-choi"}).context["rows"]
    assert [row["state"] for row in rows] == ["Đã bỏ"]
    assert f"{lang.full_name} đã bỏ tệp này" in rows[0]["told"]
    change = Change.objects.get(action="import.drop")
    assert (change.by, change.after["dropped_by_id"]) == (lang, lang.pk)
    assert Candidate.objects.count() == 0


def test_what_was_dropped_is_not_confirmed_answered_or_marked_any_more(lang, as_user):
    client = as_user(lang)
    page = send(client, SAMPLE.read_bytes(), SAMPLE.name)
    drop(client)

    for sent in ({"confirm": "1", "seen": page.context["form"]["seen"].value(), "only_valid": "on"}, {"answer": "1"}):
        client.post(batch().get_absolute_url(), {"version": batch().version} | sent)
    marked = client.get(reverse("organizations:import_marked", args=[batch().pk]))
    assert marked.url == batch().get_absolute_url()
    assert client.get(reverse("organizations:import_columns", args=[batch().pk])).url == batch().get_absolute_url()
    assert batch().state == ImportBatch.State.DROPPED
    assert Candidate.objects.count() == 0


def test_what_was_confirmed_or_moved_on_is_not_dropped(lang, as_user):
    client = as_user(lang)
    page = send(client, SAMPLE.read_bytes(), SAMPLE.name)
    drop(client, version=batch().version - 1)
    assert batch().state == ImportBatch.State.PREVIEW
    confirm(client, page, only_valid="on")

    drop(client)

    assert batch().state == ImportBatch.State.APPLIED
    assert batch().content


def test_the_same_file_sent_again_after_it_was_dropped_is_read_anew(lang, as_user):
    client = as_user(lang)
    send(client, SAMPLE.read_bytes(), SAMPLE.name)
    drop(client)

    page = send(client, SAMPLE.read_bytes(), SAMPLE.name)

    assert ImportBatch.objects.count() == 2
    assert len(kinds(page)) == 23


def test_nobody_drops_a_file_of_another_unit(lang, world, as_user):
    send(as_user(lang), SAMPLE.read_bytes(), SAMPLE.name)

    assert drop(as_user(world.south_officer)).status_code == 404
    assert batch().state == ImportBatch.State.PREVIEW


def test_nobody_drops_what_somebody_else_sent(lang, world, as_user):
    board = as_user(world.board)
    send(board, SAMPLE.read_bytes(), SAMPLE.name)
    colleague = as_user(lang)

    assert drop(colleague).status_code == 403
    assert "Bỏ tệp này" not in colleague.get(batch().get_absolute_url(), follow=True).content.decode()
    assert batch().content


@pytest.mark.parametrize("sent", ["confirm", "answer", "again"])
def test_a_file_dropped_while_it_is_worked_on_is_said_to_be_dropped(sent, lang, as_user, monkeypatch):
    """Between the page that was read and what is done of it."""
    client = as_user(lang)
    page = send(client, SAMPLE.read_bytes(), SAMPLE.name)
    loaded = pages._batch

    def dropped_behind(request, pk):
        found = loaded(request, pk)
        if not found.is_ended:
            imports.drop(batch=ImportBatch.objects.get(pk=pk), version=found.version, by=lang)
        return found

    monkeypatch.setattr(pages, "_batch", dropped_behind)
    data = {"version": batch().version, "seen": page.context["form"]["seen"].value(), sent: "1"}
    url = batch().get_absolute_url()
    shown = client.post(url, data, follow=True)

    assert shown.status_code == 200
    assert "đã bỏ tệp này" in shown.content.decode()
    assert not Change.objects.filter(action="import.look", id__gt=Change.objects.get(action="import.drop").pk).exists()
