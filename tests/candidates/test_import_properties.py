"""Random lists of new, known and changed people: sent twice they are sent once, and undone they never were."""

import random

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from candidates.models import Candidate, ReviewCase, StageEvent
from candidates.pipeline import Status
from organizations.actions import imports as actions
from organizations.imports.preview import WRITES
from organizations.models import ImportBatch, ImportedRow
from tests.candidates.test_people_import import BRANCHES, song_lang
from tests.long_lists import HEAD, row_of

THOUSAND, LISTS, KNOWN = 1000, 30, 14  # the benchmarks try more lists
OWN = {"Họ và tên", "Ngày sinh", "Giới tính"}
CHANGES = {
    "Nơi ở": ("Thôn Mới", "Thôn Đông"),
    "Quê quán": ("Vũ Thư, Thái Bình",),
    "Điện thoại": ("0912000001", "0912000002"),
    "Học vấn phổ thông": ("9/12",),
    "Nghề nghiệp": ("Kỹ sư", "Công nhân"),
    "Nơi làm việc": ("Trạm y tế",),
    "Ngày vào Đoàn": ("3/2009", "2010"),
    "Tôn giáo": ("Phật giáo",),
    "Họ và tên": ("Đỗ Văn Đổi Tên",),
}


@pytest.fixture
def lang(world):
    return song_lang(world)


def person(number: int) -> dict:
    """Every third has no identity number."""
    cells = dict(zip(HEAD, map(str, row_of(number, BRANCHES[number % len(BRANCHES)])), strict=True))
    return cells | ({"Số CCCD": ""} if number % 3 == 0 else {})


def random_list(rng: random.Random) -> list[dict]:
    """In any order and with any columns: known people as they are, changed, and new ones."""
    rows = []
    for number in rng.sample(range(KNOWN), rng.randint(0, KNOWN)):
        changed = rng.sample(sorted(CHANGES), rng.randint(0, 3))
        rows.append(person(number) | {name: rng.choice(CHANGES[name]) for name in changed})
    for number in rng.sample(range(KNOWN, 200), rng.randint(0, 8)):
        rows.append(person(number) | {"Số CCCD": rng.choice(("", person(number)["Số CCCD"]))})
    rng.shuffle(rows)
    left_out = set(rng.sample(HEAD, rng.randint(0, 5))) - OWN
    return [{name: "" if name in left_out else cell for name, cell in row.items()} for row in rows]


def paste(rows: list[dict], by) -> ImportBatch:
    lines = ["\t".join(HEAD), *("\t".join(row[name] for name in HEAD) for row in rows)]
    return actions.keep_file(
        importer="people",
        organization=by.assignments.get().organization,
        name="Dán từ bảng tính",
        content="\n".join(lines).encode(),
        options={"entered_on": "2024-01-15"},
        is_pasted=True,
        by=by,
    )


def confirm(batch: ImportBatch, by) -> ImportBatch:
    preview = actions.look(batch=batch, by=by)
    version = ImportBatch.objects.get(pk=batch.pk).version
    return actions.confirm(batch=batch, seen=preview.digest, only_valid=True, version=version, by=by)


def values(rows, *, but=()) -> list[dict]:
    names = [field.attname for field in rows.model._meta.concrete_fields if field.attname not in but]
    return list(rows.order_by("pk").values(*names))


def everything() -> list:
    return [values(model.objects.all()) for model in (Candidate, StageEvent, ReviewCase, ImportedRow)]


def standing() -> list:
    """What counts anywhere: people in lists with every fact of theirs, and the live events. Versions only grow."""
    return [values(Candidate.objects.listed(), but=("version",)), values(StageEvent.objects.filter(is_live=True))]


def test_random_lists_sent_twice_and_undone(lang):
    assert {"new", "changed", "same", "question"} <= try_lists(lang, range(LISTS))


def try_lists(lang, seeds: range) -> set[str]:
    """What became of their rows."""
    kinds = set()
    confirm(paste([person(number) for number in range(KNOWN)], lang), lang)
    for seed in seeds:
        rows = random_list(random.Random(seed)) or [person(0)]
        with transaction.atomic():
            kinds |= check(rows, lang, seed)
            transaction.set_rollback(True)
    return kinds


def check(rows: list[dict], by, seed: int) -> set[str]:
    before, people = standing(), set(Candidate.objects.values_list("pk", flat=True))
    first = actions.look(batch=paste(rows, by), by=by)
    found = {str(line.kind) for line in first.lines}
    try:
        batch = confirm(paste(rows, by), by)
    except ValidationError:
        assert not first.writes, seed
        assert standing() == before, seed
        return found

    once = everything()
    second = paste(rows, by)
    preview = actions.look(batch=second, by=by)
    assert not {line.kind for line in preview.lines} & set(WRITES), (seed, preview.tally)
    with pytest.raises(ValidationError, match="Không có dòng nào để nhập"):
        confirm(second, by)
    assert everything() == once, seed

    actions.undo(batch=batch, reason="Tải nhầm danh sách của năm trước", version=batch.version, by=by)
    assert standing() == before, seed
    new = Candidate.objects.exclude(pk__in=people)
    assert set(new.values_list("status", flat=True)) <= {Status.WITHDRAWN}, seed
    assert new.count() == first.tally["new"], seed
    third = actions.look(batch=paste(rows, by), by=by)
    assert [line.kind for line in third.lines] == [line.kind for line in first.lines], seed
    return found


def test_a_thousand_random_people_come_in_leave_unchanged_and_are_undone(lang, as_user):
    rng, before = random.Random(38), standing()
    batch = confirm(paste([any_person(number, rng) for number in range(THOUSAND)], lang), lang)
    assert (batch.counts, batch.left) == ({"new": THOUSAND}, [])

    with override_settings(EXPORT_PEOPLE_UNASKED=THOUSAND):
        taken = as_user(lang).get(reverse("candidates:export")).getvalue()
    sent = actions.keep_file(
        importer="people",
        organization=batch.organization,
        name="Danh sách quần chúng.xlsx",
        content=taken,
        options={"entered_on": "2024-01-15"},
        by=lang,
    )
    preview = actions.look(batch=sent, by=lang)
    assert {kind: count for kind, count in preview.tally.items() if count} == {"same": THOUSAND}

    actions.undo(batch=batch, reason="Tải nhầm danh sách của năm trước", version=batch.version, by=lang)
    assert standing() == before


def any_person(number: int, rng: random.Random) -> dict:
    """With any of the facts, and any of them left out but who it is."""
    changed = rng.sample(sorted(set(CHANGES) - OWN), rng.randint(0, 4))
    left_out = set(rng.sample(HEAD, rng.randint(0, 6))) - OWN - {"Chi bộ"}
    cells = person(number) | {name: rng.choice(CHANGES[name]) for name in changed}
    return {name: "" if name in left_out else cell for name, cell in cells.items()}
