"""Rows of one list that name the same person: asked about, or refused. Pure."""

from collections.abc import Iterable

from candidates.import_case import Case
from candidates.record_difference import FIELDS, SIDES, words_of
from organizations.imports.preview import SKIP, Note, Option, Question
from vuthu_recruit import vietnamese
from vuthu_recruit.dates import PartialDate

OTHER, TAKE = "other", "take"


def find_twins(cases: Iterable[Case]) -> None:
    """Rows that name a person an earlier row names: somebody says which one is taken.

    Each row is asked about beside every earlier one that is still taken: of three rows that are one person one stays.
    """
    by_number: dict[str, list[Case]] = {}
    by_name: dict[tuple[str, PartialDate], list[Case]] = {}
    for case in cases:
        values = case.row.values
        number, birth = values.get("identity_number"), values.get("birth")
        name = (vietnamese.same_name_key(values.get("full_name")), birth)
        same_number = by_number.setdefault(number, []) if number else []
        same_name = by_name.setdefault(name, []) if birth and name[0] else []
        for first in [*same_number, *(one for one in same_name if one not in same_number)]:
            if case.is_skipped or first.is_skipped:
                continue
            is_certain = first in same_number
            if is_certain or not (number and first.row.values.get("identity_number")):
                _ask_about_twin(case, first, is_certain=is_certain)
        for found in (same_number, same_name):
            found.append(case)


def _ask_about_twin(case: Case, first: Case, *, is_certain: bool) -> None:
    number = first.row.number
    why = "cùng số định danh" if is_certain else "cùng họ tên, ngày sinh"
    words = f"Dòng {case.row.number} và dòng {number} là một người ({why}). Lấy dòng nào?"
    options = [Option(SKIP, f"Lấy dòng {number}, bỏ dòng này"), Option(TAKE, f"Lấy dòng này, bỏ dòng {number}")]
    if not is_certain:
        options.append(Option(OTHER, "Là hai người khác nhau"))
    beside = tuple(
        (str(FIELDS[name].label), words_of(name, case.row.values.get(name)), words_of(name, first.row.values.get(name)))
        for name in ("full_name", *SIDES)
    )
    shown = tuple(one for one in beside if any(one[1:]))
    shown = (("Chi bộ", case.written_place, first.written_place), *shown)
    said = case.ask(Question(f"twin-{number}", words, tuple(options), "full_name", shown, f"Dòng {number}"))
    case.is_skipped |= said == SKIP
    if not said:
        first.waits = True
        waiting = f"Chờ câu trả lời ở dòng {case.row.number}."
        first.notes.append(Note("full_name", waiting, blocks=False, is_doubtful=True))
    if said == TAKE:
        first.is_skipped = True


def refuse_the_same_record_twice(cases: Iterable[Case]) -> None:
    seen: dict[int, int] = {}
    for case in cases:
        if case.known is None or case.is_skipped:
            continue
        if case.known.pk in seen and not case.was_asked_about(seen[case.known.pk]):
            case.say("full_name", f"Dòng {seen[case.known.pk]} cũng là người này: giữ một dòng.")
        seen.setdefault(case.known.pk, case.row.number)


def refuse_a_number_twice(cases: Iterable[Case]) -> None:
    """Of rows without a key `find_twins` has asked; a row that names its record cannot be somebody else's twin."""
    seen: dict[str, Case] = {}
    for case in cases:
        number = (case.changes if case.known else case.row.values).get("identity_number")
        if not number or case.is_skipped:
            continue
        first = seen.setdefault(number, case)
        if first is not case and (first.row.record_key or case.row.record_key):
            case.say("identity_number", f"Dòng {first.row.number} cũng ghi số này: mỗi người một số.")
