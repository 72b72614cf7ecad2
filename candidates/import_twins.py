"""Rows of one list that name the same person: asked about, or refused. Pure."""

from collections.abc import Iterable
from itertools import islice

from candidates.import_case import Case
from candidates.record_difference import FIELDS, SIDES, words_of
from organizations.imports.preview import SKIP, Note, Option, Question

OTHER, TAKE = "other", "take"
MOST_NAMESAKES = 100  # rows one row is compared with; nobody has more namesakes born in one year in one list


def find_twins(cases: Iterable[Case]) -> None:
    """Rows that name a person an earlier row names: somebody says which one is taken.

    Each row is asked about beside the earlier ones that are still taken, one question at a time: of three rows that
    are one person one stays, and a row repeated a thousand times asks a thousand questions, not half a million.
    """
    groups: dict[object, list[Case]] = {}
    for case in cases:
        asked: set[int] = set()
        while pair := _next_pair(case, groups, asked):
            first, *_ = pair
            asked.add(first.row.number)
            said = _ask_about_twin(case, *pair)
            if said == SKIP:
                _stand_for(first, case, groups)
            elif said == TAKE:
                _stand_for(case, first, groups)
            if said in ("", SKIP):
                break
        if not case.is_skipped:
            for key in _keys(case):
                groups.setdefault(key, []).append(case)


def _keys(case: Case) -> list[object]:
    """Whoever may be the person of the row stands under one of these."""
    return [key for key in (case.identity_number, case.named and case.named.group) if key]


def _stand_for(taken: Case, left: Case, groups: dict[object, list[Case]]) -> None:
    """They are one person: what the row that is left out says of them is known of the other from now on."""
    left.is_skipped = True
    more = [left, *left.stands_for]
    known = {key for one in (taken, *taken.stands_for) for key in _keys(one)}
    for key in {key for one in more for key in _keys(one)} - known:
        groups.setdefault(key, []).append(taken)
    taken.stands_for += more


def _next_pair(case: Case, groups: dict[object, list[Case]], asked: set[int]) -> tuple[Case, Case, Case] | None:
    """An earlier row still taken that may be the person of this one and is not asked about yet; and which two rows,
    they themselves or rows they stand for, are why. Those of the same number come first.
    """
    for key in [key for one in (case, *case.stands_for) for key in _keys(one)]:
        taken = (one for one in groups.get(key, ()) if not one.is_skipped and one is not case)
        for first in islice(taken, MOST_NAMESAKES):
            if first.row.number in asked:
                continue
            for mine in (case, *case.stands_for):
                for theirs in (first, *first.stands_for):
                    if _may_be_one(mine, theirs):
                        return first, mine, theirs
    return None


def _may_be_one(case: Case, first: Case) -> bool:
    if case.identity_number and first.identity_number:
        return case.identity_number == first.identity_number  # two different numbers are two people
    return bool(case.named and first.named and case.named.may_be(first.named))


def _ask_about_twin(case: Case, first: Case, mine: Case, theirs: Case) -> str:
    """What was said of the two; "" as long as nothing is. `mine` and `theirs`: the rows that are why."""
    number, is_certain = first.row.number, mine.identity_number == theirs.identity_number != ""
    if is_certain:
        how, why = "là", "cùng số định danh"
    elif mine.named.is_written_as(theirs.named):
        how, why = "là", "cùng họ tên, ngày sinh"
    else:
        how, why = "có thể là", "họ tên, ngày sinh gần giống nhau"
    if (mine, theirs) != (case, first):
        why = f"{why}: dòng {mine.row.number} và dòng {theirs.row.number}"
    words = f"Dòng {case.row.number} và dòng {number} {how} một người ({why}). Lấy dòng nào?"
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
    if not said:
        if not first.waits:
            waiting = f"Chờ câu trả lời ở dòng {case.row.number}."
            first.notes.append(Note("full_name", waiting, blocks=False, is_doubtful=True))
        first.waits = True
    return said


def refuse_the_same_record_twice(cases: Iterable[Case]) -> None:
    seen: dict[int, int] = {}
    for case in cases:
        if case.known is None or case.is_skipped:
            continue
        if case.known.pk in seen and not case.is_asked_about(seen[case.known.pk]):
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
