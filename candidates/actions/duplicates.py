"""What a match leads to: the user's own duplicate, or one neutral answer, counted, and a case for the Board."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from candidates import gates, matching
from candidates.actions.actors import actor_for
from candidates.actions.events import Refused, first_step, pure_unit
from candidates.choices import WaitingFor
from candidates.gates import Attempt, Record, Story
from candidates.models import Candidate, NeutralAnswer, ReviewCase
from candidates.pipeline import Actor, Refusal, Step
from organizations import changes
from organizations.models import User
from vuthu_recruit import clock

NEUTRAL = "Trường hợp này cần Ban Tổ chức đối chiếu"
ANSWERS_A_DAY = 5


class Duplicate(Exception):
    """People of the user's own scope who may be the same one; `certain` when the identity number is."""

    def __init__(self, matches: list[Candidate], *, certain: bool):
        self.matches, self.certain = matches, certain
        super().__init__("Có thể đã có người này trong danh sách.")


class NeedsReview(Exception):
    """What was typed fits a person outside the user's scope: an edit is then not saved, a case is opened."""

    def __init__(self, candidate: Candidate, others: list[Candidate]):
        self.candidate, self.others = candidate, others
        super().__init__(NEUTRAL)


def one_at_a_time(by) -> None:
    """Entries of an account wait for each other, so that the day's limit holds. Others' foreign keys may pass."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)


def answers_today(user) -> int:
    """How many neutral answers the account has had today: from forms, and from previews of files."""
    asked = {"asked_by": user, "asked_on": clock.today()}
    told = NeutralAnswer.objects.filter(**asked).exclude(key=NeutralAnswer.CLOSED)
    return ReviewCase.objects.filter(**asked, from_file=False).count() + told.count()


def refuse_number_after_many_answers(user, identity_number: str) -> None:
    """Five neutral answers a day stop entry by identity number: the answers must not become a register."""
    if identity_number and not _comes_from_a_file() and answers_today(user) >= ANSWERS_A_DAY:
        raise ValidationError(
            {
                "identity_number": (
                    f"Hôm nay tài khoản này đã có {ANSWERS_A_DAY} trường hợp phải đối chiếu nên tạm không nhập được "
                    "số định danh. Hãy để trống ô này, hoặc liên hệ Ban Tổ chức."
                )
            }
        )


def _comes_from_a_file() -> bool:
    """The answers of a file were counted when it was read."""
    return changes.source().from_file


def matches_of(candidate: Candidate, by) -> matching.Matches:
    return matching.find(
        full_name=candidate.full_name,
        birth=candidate.birth,
        identity_number=candidate.identity_number,
        by=by,
        but=candidate.pk,
    )


def open_case(*, candidate: Candidate, others: list[Candidate], by, action: str) -> None:
    """One answer, one case: the Board sees every match on its page. Asking the same again opens no second one."""
    other = others[0]
    if ReviewCase.objects.filter(candidate=candidate, other=other, outcome="").exists():
        return
    with changes.recording(by=by, action=action, subject=candidate) as log:
        asked = {"asked_by": by, "asked_on": clock.today(), "from_file": _comes_from_a_file()}
        log.created(ReviewCase.objects.create(candidate=candidate, other=other, **asked))


def refuse_unfit(*, candidate: Candidate, step: Step, happened_on: date | None, by, actor: Actor | None = None) -> None:
    """What speaks against the first step is said before anybody is compared: no answer depends on a match.

    `actor`: what the user may do at the unit, where the caller knows it already.
    """
    unit = candidate.unit
    if not (unit.is_grassroots or unit.may_hold_people()):
        raise ValidationError({"unit": "Chọn một chi bộ, hoặc đảng bộ, chi bộ cơ sở."})
    attempt = Attempt(
        story=Story((), {}, Record(candidate.birth)),
        step=step,
        happened_on=happened_on,
        facts={},
        today=clock.today(),
        actor=actor or actor_for(candidate, by),
        unit=pure_unit(unit),
    )
    if found := gates.refusals(attempt):
        raise Refused(found)


def start(*, candidate: Candidate, step: Step, happened_on: date | None, by, action: str, reason: str = "") -> bool:
    """Bring the person into the source; False when somebody else took the identity number a moment ago."""
    try:
        with (
            transaction.atomic(),
            changes.recording(by=by, action=action, reason=reason, subject=candidate) as log,
        ):
            first_step(candidate=candidate, step=step, happened_on=happened_on, by=by, log=log)
    except IntegrityError:
        candidate.refresh_from_db()
        return False
    return True


def keep_for_board(*, candidate: Candidate, by, action: str) -> None:
    """The loser of a race becomes a draft like any other match; inside the own scope it is a duplicate."""
    matches = matches_of(candidate, by)
    if matches.same_number:
        raise Duplicate(matches.same_number, certain=True)
    if not matches.outside:
        raise Refused([Refusal("again", "Chưa lưu được. Hãy bấm lưu lần nữa.")])
    before = changes.state(candidate)
    candidate.waiting_for = WaitingFor.BOARD
    candidate.save(update_fields=["waiting_for"])
    with changes.recording(by=by, action=action, subject=candidate) as log:
        log.updated(candidate, before)
    open_case(candidate=candidate, others=matches.outside, by=by, action=action)
