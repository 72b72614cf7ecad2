"""The digest: counts and a link to whoever has work, never a name."""

import io
from datetime import date

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from candidates.pipeline import Stage
from tests import factories


@pytest.fixture
def late(world, settings):
    settings.SITE_URL, settings.EMAIL_IS_CONFIGURED = "https://ketnap.example.vn/", True
    person = factories.make_candidate(world.north_1, full_name="Trần Thị Đào", started=date(2024, 3, 1))
    factories.advance(person, Stage.BRANCH_PASSED, [date(2024, 4, 1), date(2024, 5, 2), date(2024, 8, 21)])
    for user in (world.north_officer, world.south_officer, world.board):
        user.email = f"{user.username}@example.vn"
        user.save(update_fields=["email"])
    return world


def test_who_has_work_gets_counts_and_a_link_and_no_name(late):
    call_command("digest", stdout=io.StringIO())

    (letter,) = mail.outbox
    assert letter.to == ["north_officer@example.vn"]
    assert letter.subject == "Việc hôm nay, 18/11/2024"
    assert letter.body == "- Quá hạn: 1\n\nMở danh sách: https://ketnap.example.vn/"


def test_a_dry_run_sends_nothing(late):
    said = io.StringIO()

    call_command("digest", dry_run=True, stdout=said)

    assert mail.outbox == []
    assert "north_officer\n- Quá hạn: 1" in said.getvalue()
    assert "Sẽ gửi 1 thư." in said.getvalue()


def test_without_mail_it_says_what_to_set(world):
    with pytest.raises(CommandError, match="EMAIL_URL"):
        call_command("digest")


def test_first_passwords_and_accounts_that_are_off_get_nothing(late):
    late.north_officer.must_change_password = True
    late.north_officer.save(update_fields=["must_change_password"])

    call_command("digest", stdout=io.StringIO())

    assert mail.outbox == []
