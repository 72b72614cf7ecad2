"""Whether what is stored about people agrees with their raw events: caches, order of steps, keys, certificates."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from reports.verify.difference import Difference
from reports.verify.keys import keys_of, plain_key
from reports.verify.lives import COUNTED, STAGES, Lived
from reports.verify.recount import Ground
from reports.verify.tables import choices, values_of

SNAPSHOT = {"sex", "birth", "youth_union", "religion", "ethnicity", "education", "occupation", "groups"}
WITH_BRANCH = STAGES[STAGES.index("dossier") :]
LISTS = (
    *("candidates.Candidate", "candidates.StageEvent", "candidates.Enrolment", "candidates.FormerMembership"),
    "organizations.Organization",
)


def person(pk: int) -> str:
    """People are named by the number of their record: a console keeps no names."""
    return f"hồ sơ số {pk}"


def faults(ground: Ground, today: date) -> Iterator[Difference]:
    for key in ground.tables.people:
        yield from _caches(ground, key)
        yield from _keys(ground.tables.people[key])
    for key, events in ground.tables.events.items():
        life = ground.lives[key]
        yield from _events(key, events, life)
        yield from _replacements(key, events)
        yield from _order(ground, key, life, today)
    yield from _certificates(ground)
    yield from _classes(ground)
    yield from _waiting(ground)
    yield from _again(ground)
    yield from _known_values()


def _caches(ground: Ground, key: int) -> Iterator[Difference]:
    """Stage, status, unit and what is awaited, as the live events leave them."""
    row, life = ground.tables.people[key], ground.lives.get(key, [])
    name = ground.tables.name
    if life:
        last = life[-1]
        wanted = {"stage": last.stage, "status": last.status, "waiting_for": ""}
        if row.unit_id != last.unit:
            yield Difference("đơn vị hiện nay", person(key), name(row.unit_id), name(last.unit))
    else:
        wanted = {"stage": "source", "status": "waiting" if row.waiting_for else "withdrawn"}
    for column, value in wanted.items():
        if getattr(row, column) != value:
            label = {"stage": "bước hiện nay", "status": "trạng thái hiện nay", "waiting_for": "đang chờ"}[column]
            yield Difference(label, person(key), getattr(row, column), value)
    if row.merged_into_id and life:
        yield Difference("hồ sơ đã gộp", person(key), "còn bước có hiệu lực", "không còn bước nào")


def _keys(row) -> Iterator[Difference]:
    """Keys of the name: stale by the library, or wrong by the tiny second way."""
    for column, value in keys_of(row.full_name).items():
        if getattr(row, column) != value:
            yield Difference(f"khóa tên {column}", person(row.id), getattr(row, column), value)
    plain = plain_key(row.full_name)
    if plain is not None and row.search_key != plain:
        yield Difference("khóa tên search_key, tính cách khác", person(row.id), row.search_key, plain)


def _events(key: int, events: list, life: list[Lived]) -> Iterator[Difference]:
    """Caches on every event, and the unit of each live one."""
    lived = {row.event.id: row for row in life}
    for event in events:
        row = lived.get(event.id)
        wanted = {"is_live": row is not None, "is_counted": bool(row and row.counted), "ended_on": row and row.until}
        if row:
            wanted |= {"from_stage": row.from_stage, "to_stage": row.stage, "to_status": row.status}
            wanted |= {"unit_id": row.unit, "clock_from": row.clock_from, "clock_until": row.clock_until}
            if event.step == "decided" and not (event.snapshot or {}).keys() >= SNAPSHOT:
                yield Difference("ảnh chụp lúc quyết định", _at(key, event), "thiếu", "đủ")
        for column, value in wanted.items():
            if getattr(event, column) != value:
                yield Difference(f"bước đã ghi: {column}", _at(key, event), getattr(event, column), value)


def _at(key: int, event) -> str:
    return f"{person(key)}, {event.step} {event.happened_on:%d/%m/%Y}"


def _replacements(key: int, events: list) -> Iterator[Difference]:
    """A correction stands in the place of what it replaces, of the same person and the same step, once."""
    known = {event.id: event for event in events}
    if sorted(event.seq for event in events) != list(range(1, len(events) + 1)):
        yield Difference("thứ tự ghi", person(key), [event.seq for event in events], f"1–{len(events)}")
    for event in events:
        if event.replaces_id is None:
            continue
        old = known.get(event.replaces_id)
        if old is None or (old.place, old.step) != (event.place, event.step) or old.seq >= event.seq or old.is_void:
            found = old and f"{old.step}, vị trí {old.place}"
            yield Difference("bước được sửa", _at(key, event), found, f"{event.step}, vị trí {event.place}")


def _order(ground: Ground, key: int, life: list[Lived], today: date) -> Iterator[Difference]:
    """Live events form a legal walk, none in the future, in units that were open and may hold people."""
    units = ground.tables.units
    for row in life:
        unit, event = units[row.unit], row.event
        if row.illegal:
            yield Difference("thứ tự các bước", _at(key, event), row.illegal, "một bước được phép")
        yield from _backfilled(key, event)
        if row.on > today:
            yield Difference("ngày của bước", _at(key, event), row.on, f"không sau {today:%d/%m/%Y}")
        # Rules refuse advancing, never a correction of the past: only what was entered at once is asked for.
        worked = unit.opened_on <= row.on and (unit.closed_on is None or row.on < unit.closed_on)
        if not worked and event.replaces_id is None:
            yield Difference("đơn vị của bước", _at(key, event), ground.tables.name(unit.id), "đơn vị đang hoạt động")
        holds = unit.kind == "branch" or (unit.id == ground.tables.grassroots_of(unit.id) and unit.form == "cell")
        # What is taken over from paper may name only the unit, not the branch.
        if row.stage in WITH_BRANCH and not holds and not (event.facts or {}).get("backfilled"):
            yield Difference("đơn vị của bước", _at(key, event), ground.tables.name(unit.id), "một chi bộ")
    counted = Counter(row.event.step for row in life if row.counted)
    for step in COUNTED:
        if counted[step] > 1:
            yield Difference(f"số lần tính: {step}", person(key), counted[step], 1)


def _backfilled(key: int, event) -> Iterator[Difference]:
    """Taken over from paper: marked from the first step on, decided in the years before the system."""
    is_marked = bool((event.facts or {}).get("backfilled"))
    if event.step == "backfilled" and not is_marked:
        yield Difference("dấu nhập bù", _at(key, event), "không có", "có")
    if is_marked and event.step in ("backfilled", "decided") and event.happened_on.year not in (2020, 2021):
        yield Difference("ngày quyết định nhập bù", _at(key, event), event.happened_on, "trong năm 2020, 2021")


def _certificates(ground: Ground) -> Iterator[Difference]:
    """Each live `trained` event stands for a certificate, and no holder of one is still in `source`."""
    held = defaultdict(set)
    for row in ground.tables.enrolments:
        if row.certificate_number and row.candidate_id and _is_awareness(ground, row):
            held[row.candidate_id].add((row.certificate_number, row.issued_on))
    for key, life in ground.lives.items():
        for row in life:
            if row.event.step == "trained" and ((row.event.facts or {}).get("document"), row.on) not in held[key]:
                yield Difference("giấy chứng nhận", _at(key, row.event), "không có", "số và ngày như đã ghi")
        if life and held[key] and (life[-1].stage, life[-1].status) == ("source", "open"):
            yield Difference("giấy chứng nhận", person(key), "đã cấp", "còn ở nguồn")


def _is_awareness(ground: Ground, enrolment) -> bool:
    return ground.tables.classes[enrolment.training_class_id].purpose == "awareness"


def _classes(ground: Ground) -> Iterator[Difference]:
    """Nobody sits on a chair that is not there, in a class called off, or in two classes at once."""
    taken, days = Counter(), defaultdict(list)
    for row in ground.tables.enrolments:
        held = ground.tables.classes[row.training_class_id]
        taken[row.training_class_id] += row.state in ("enrolled", "finished")
        if row.candidate_id and row.state not in ("refused", "withdrawn", "dropped"):
            days[row.candidate_id].append((held.from_on, held.to_on))
            if held.is_called_off:
                yield Difference("lớp đã hủy", person(row.candidate_id), row.state, "đã rút")
    for key, row in ground.tables.classes.items():
        if row.capacity is not None and taken[key] > row.capacity:
            yield Difference("số chỗ của lớp", f"lớp số {key}", taken[key], f"không quá {row.capacity}")
    for key, found in days.items():
        found.sort()
        for (_, ends), (begins, _) in pairwise(found):
            if begins <= ends:
                yield Difference("hai lớp cùng ngày", person(key), f"{begins:%d/%m/%Y}", f"sau {ends:%d/%m/%Y}")


def _waiting(ground: Ground) -> Iterator[Difference]:
    """Whoever waits for the Board has a case that the Board still has to answer."""
    asked = {row.candidate_id for row in ground.tables.cases if not row.outcome}
    for key, row in ground.tables.people.items():
        if row.waiting_for == "board" and key not in asked:
            yield Difference("đang chờ Ban Tổ chức đối chiếu", person(key), "không có trường hợp", "một trường hợp")


def _again(ground: Ground) -> Iterator[Difference]:
    """A record of a re-admission continues one that ended by a striking off: nobody is followed in two."""
    for key, row in ground.tables.people.items():
        if row.previous_id and row.status != "withdrawn":
            found = ground.tables.people[row.previous_id].status
            if found != "struck_off":
                yield Difference("hồ sơ trước khi kết nạp lại", person(key), found, "struck_off")
            yield from _left_on(ground, key, row.previous_id)


def _left_on(ground: Ground, key: int, previous: int) -> Iterator[Difference]:
    """The day somebody left, as the second record tells it and as the first one says."""
    told = ground.tables.left_on.get(key)
    said = [row.on for row in ground.lives.get(previous, []) if row.event.step == "struck_off"]
    if told and said and told != said[-1]:
        yield Difference("ngày ra khỏi Đảng", person(key), told, said[-1])


def _known_values() -> Iterator[Difference]:
    """Columns with a fixed list hold nothing else."""
    for label in LISTS:
        for column, allowed in choices(label).items():
            for value in sorted(str(value) for value in values_of(label, column) - {None, ""}):
                if value not in allowed:
                    yield Difference("giá trị ngoài danh mục", f"{label}.{column}", value, "một mục trong danh mục")
