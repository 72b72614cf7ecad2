"""Steps that contradict what is on record, or leave out who answers for them: refused in words, no table changes."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.urls import reverse

from candidates.models import Candidate
from candidates.pipeline import Stage, Step
from tests.factories import FACTS, advance, make_candidate
from tests.journeys import tables

START = [date(2024, 4, 1), date(2024, 5, 2)]  # certificate, dossier
MEETING, COMMITTEE, SENT, APPRAISED = date(2024, 6, 3), date(2024, 7, 3), date(2024, 7, 10), date(2024, 8, 1)
DECIDED = date(2024, 9, 5)
DAYS = {
    Stage.DOSSIER: START,
    Stage.BRANCH_PASSED: [*START, MEETING],
    Stage.APPRAISED: [*START, MEETING, COMMITTEE, SENT, APPRAISED],
    Stage.DECIDED: [*START, MEETING, COMMITTEE, SENT, APPRAISED, DECIDED],
}
SIGNED = {
    "until": "30/09/2024",
    "document": "15-CV/HU",
    "signer": "Phó Bí thư",
    "reason": "Chờ kết luận thẩm tra lý lịch",
}


@dataclass(frozen=True)
class Bad:
    """From a stage, somebody sends a step with these facts on a day; what the page must say."""

    stage: Stage
    who: str
    step: Step
    day: str
    says: str
    facts: dict

    def __str__(self):
        return f"{self.step} from {self.stage}: {self.says[:30]}"


CASES = [
    Bad(
        Stage.DOSSIER, "branch_officer", Step.BRANCH_PASSED, "03/06/2024",
        "Số phiếu tán thành (13) nhiều hơn số người có quyền biểu quyết (12).", {"votes": "13"},
    ),
    Bad(
        Stage.DOSSIER, "branch_officer", Step.BRANCH_VOTE_FAILED, "03/06/2024",
        "Số phiếu tán thành (13) nhiều hơn số người có quyền biểu quyết (12).", {"members": "12", "votes": "13"},
    ),
    Bad(
        Stage.DOSSIER, "board_2", Step.DECIDED, "05/09/2024",
        "Chưa đúng thứ tự: người này đang ở bước “Đang làm hồ sơ”.", {},
    ),
    Bad(
        Stage.APPRAISED, "board_2", Step.DECIDED, "01/06/2024",
        "Ngày này trước bước “Thẩm định đạt” ngày 01/08/2024.", {},
    ),
    Bad(
        Stage.BRANCH_PASSED, "board", Step.EXTENDED, "10/07/2024",
        "Chưa nhập “Người ký”.", SIGNED | {"signer": ""},
    ),
    Bad(
        Stage.BRANCH_PASSED, "board", Step.EXTENDED, "10/07/2024",
        "Chưa nhập “Người ký”.", SIGNED | {"signer": " \u200b "},
    ),
    Bad(
        Stage.BRANCH_PASSED, "board", Step.EXTENDED, "10/07/2024",
        "Ngày này chưa quá thời hạn thường", SIGNED | {"until": "15/07/2024"},
    ),
    Bad(
        Stage.BRANCH_PASSED, "board", Step.EXTENDED, "01/06/2024",
        "Ngày này trước bước “Chi bộ biểu quyết đạt” ngày 03/06/2024.", SIGNED,
    ),
    Bad(
        Stage.DECIDED, "board", Step.EXTENDED, "10/09/2024",
        "Chưa đúng thứ tự: người này đang ở bước “Có quyết định kết nạp”.", SIGNED,
    ),
    Bad(
        Stage.DECIDED, "north_officer", Step.ADMITTED, "20/09/2024",
        "Ngày nhận quyết định", {"received_on": "01/09/2024"},
    ),
]  # fmt: skip


@pytest.mark.parametrize("bad", CASES, ids=str)
def test_a_step_against_the_record_is_refused_in_words_and_leaves_no_trace(bad, world, as_user):
    person = advance(make_candidate(world.north_1, started=date(2024, 3, 1)), bad.stage, DAYS[bad.stage])
    client = as_user(getattr(world, bad.who))
    facts = {key: str(value) for key, value in FACTS.get(bad.step, {}).items()} | bad.facts
    data = {"version": Candidate.objects.get(pk=person.pk).version, "happened_on": bad.day} | facts
    before = tables.checksum(but=frozenset({"organizations.Session"}))

    response = client.post(reverse("candidates:step", args=[person.pk, bad.step]), data)
    shown = response.content.decode()

    assert response.status_code == 422
    assert "Có lỗi cần sửa" in shown
    assert bad.says in shown
    assert all(value in shown for value in data.values() if isinstance(value, str) and value.strip(" \u200b"))
    assert tables.checksum(but=frozenset({"organizations.Session"})) == before
