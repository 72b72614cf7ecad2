"""Who a demo person is: birth, work, schooling, belief, who introduced them. Builds unsaved rows."""

from datetime import date, timedelta
from random import Random

from candidates.choices import PriorityGroup, SpecialCase, WaitingFor
from candidates.models import Candidate, Helper, Introducer
from candidates.pipeline import Stage, Step
from organizations.permissions import Body
from reports.demo import days, names
from reports.demo.lives import Life
from vuthu_recruit.dates import PartialDate

AGES = ((18, 24, 34), (25, 30, 28), (31, 40, 24), (41, 50, 11), (51, 55, 3))  # from, to, weight
# Work by the sector of the branch.
WORK = {
    "school": (("public_employee", 1),),
    "health": (("public_employee", 1),),
    "armed_forces": (("armed_forces", 5), ("part_time_official", 3)),
    "agency": (("official", 6), ("part_time_official", 3), ("public_employee", 1)),
    "enterprise": (("state_worker", 1),),
    "private_enterprise": (("private_worker", 1),),
    "residential": (
        ("private_worker", 30), ("farmer", 24), ("part_time_official", 18), ("student", 8), ("official", 5),
        ("public_employee", 5), ("other", 10),
    ),
}  # fmt: skip
SCHOOLING = {
    "official": (("university", 8), ("college", 1), ("postgraduate", 1)),
    "public_employee": (("university", 7), ("college", 3), ("postgraduate", 1)),
    "armed_forces": (("university", 3), ("intermediate", 3), ("college", 2), ("none", 2)),
    "state_worker": (("university", 4), ("college", 3), ("intermediate", 3)),
    "student": (("none", 5), ("college", 2), ("university", 3)),
    "part_time_official": (("intermediate", 4), ("university", 3), ("college", 2), ("none", 3)),
}
OTHER_SCHOOLING = (("none", 5), ("vocational", 4), ("intermediate", 3), ("college", 2), ("university", 2))
FAITHS = (("none", 900), ("catholic", 62), ("buddhism", 30), ("protestant", 3))
PEOPLES = (("Kinh", 985), ("Tày", 4), ("Mường", 4), ("Thái", 3), ("Nùng", 2), ("Mông", 1))
WORKPLACES = {
    "private_worker": ("Công ty may Việt Thái", "Cụm công nghiệp Vũ Hội", "Công ty giày da Phúc Khánh"),
    "student": ("Trường Đại học Thái Bình", "Trường Cao đẳng Y tế Thái Bình"),
}
HELPING = ("Bí thư chi bộ", "Phó Bí thư chi bộ", "Chi ủy viên", "Đảng viên")
MEN = {"armed_forces": 0.85, "farmer": 0.5, "public_employee": 0.28, "private_worker": 0.42}
ADULT = 18 * 365 + 5


def candidate_of(life: Life, offset: int) -> Candidate:
    """The record of one person, without its caches."""
    rng = life.rng
    occupation = names.pick(rng, WORK.get(life.spot.sector, WORK["residential"]))
    sex = "male" if rng.random() < MEN.get(occupation, 0.5) else "female"
    born = _born(rng, life.entered_on, occupation)
    commune = life.unit.commune
    candidate = Candidate(
        full_name=names.full_name(rng, sex),
        identity_number=names.identity_number(life.index, offset, sex, born.year) if rng.random() > 0.03 else "",
        birth=_as_written(rng, born),
        sex=sex,
        home_town=names.home_town(rng, commune),
        residence=names.residence(rng, commune),
        phone=names.phone(rng) if rng.random() < 0.9 else "",
        ethnicity=names.pick(rng, PEOPLES),
        religion=names.pick(rng, FAITHS),
        special_cases=_special_cases(life, occupation),
        education="lower_secondary" if occupation == "farmer" and rng.random() < 0.3 else "upper_secondary",
        qualification=names.pick(rng, SCHOOLING.get(occupation, OTHER_SCHOOLING)),
        political_theory="elementary" if occupation in ("official", "armed_forces") and rng.random() < 0.3 else "none",
        occupation=occupation,
        workplace=_workplace(rng, life, occupation),
        priority_groups=_groups(rng, occupation, sex, life.spot.sector),
        is_sample=True,
    )
    if life.kind == "backfilled":
        return _on_old_paper(candidate)
    _unions(rng, candidate, born, life.entered_on)
    _introduction(rng, candidate, life)
    _papers(rng, candidate, life)
    return candidate


def _on_old_paper(candidate: Candidate) -> Candidate:
    """What a decision of 2020 or 2021 says of a person."""
    known = ("full_name", "sex", "birth", "is_sample")
    return Candidate(**{name: getattr(candidate, name) for name in known})


def _special_cases(life: Life, occupation: str) -> list[str]:
    """Now and then a case that needs a further consent. Drawn apart, so that it changes nothing else of a life."""
    rng = Random(f"special:{life.index}:{life.entered_on}")
    if rng.random() > 0.03:
        return []
    usual = SpecialCase.BUSINESS_OWNER if occupation in ("private_worker", "other") else SpecialCase.POPULATION
    return [rng.choice((usual, usual, SpecialCase.FOREIGN_MARRIAGE)).value]


def _born(rng: Random, entered_on: date, occupation: str) -> date:
    """Of age on the day of entry, and young enough for the road that follows."""
    if occupation == "student":
        return entered_on - timedelta(days=ADULT + rng.randint(30, 4 * 365))
    low, high, _ = rng.choices(AGES, [weight for *_, weight in AGES])[0]
    return entered_on - timedelta(days=ADULT + 20 + (low - 18) * 365 + rng.randrange((high - low + 1) * 365))


def _as_written(rng: Random, born: date) -> PartialDate:
    """Some old papers say only the year, or month and year."""
    chance = rng.random()
    if chance < 0.015 and born.month > 1:
        return PartialDate(born.year)
    if chance < 0.03:
        return PartialDate(born.year, born.month)
    return PartialDate.from_date(born)


def _workplace(rng: Random, life: Life, occupation: str) -> str:
    if occupation in WORKPLACES:
        return rng.choice(WORKPLACES[occupation])
    if occupation in ("farmer", "other"):
        return ""
    name = life.spot.name.removeprefix("Chi bộ ")
    if life.spot.sector == "residential" or not name:
        return f"Ủy ban nhân dân {life.unit.commune}" if life.unit.commune else ""
    return f"{name}, {life.unit.commune}" if life.unit.commune and "xã" not in name else name


def _groups(rng: Random, occupation: str, sex: str, sector: str) -> list[str]:
    found = []
    if occupation == "part_time_official":
        found.append(
            rng.choice((PriorityGroup.VILLAGE_HEAD, PriorityGroup.BODY_LEADER, PriorityGroup.COMMUNE_POLICE)).value
        )
    if occupation == "private_worker":
        found.append(PriorityGroup.PRIVATE_SECTOR.value)
    if sector in ("residential", "armed_forces") and sex == "male" and rng.random() < 0.25:
        found.append(rng.choice((PriorityGroup.MILITIA, PriorityGroup.DEMOBILISED)).value)
    if rng.random() < 0.2:
        found.append(PriorityGroup.ACTIVE.value)
    return found


def _unions(rng: Random, candidate: Candidate, born: date, entered_on: date) -> None:
    age = (entered_on - born).days // 365
    if age <= 30 and rng.random() < 0.85:
        candidate.is_youth_union_member = True
        year = born.year + rng.choice((15, 15, 16))
        candidate.youth_union_joined = PartialDate(year, rng.choice((3, 5, 11)), 26 if rng.random() < 0.5 else None)
    in_office = candidate.occupation in ("official", "public_employee", "state_worker", "armed_forces")
    candidate.is_trade_union_member = in_office or (candidate.occupation == "private_worker" and rng.random() < 0.5)


def _introduction(rng: Random, candidate: Candidate, life: Life) -> None:
    """Most were introduced by a mass organisation; an accepted person always."""
    first = life.happenings[0].step if life.happenings else None
    waiting = life.kind in ("waiting_unit", "declined")
    if not (waiting or first == Step.ACCEPTED or rng.random() < 0.55):
        return
    bodies = life.unit.bodies if (waiting or first == Step.ACCEPTED) and life.unit.bodies else _bodies(candidate)
    candidate.introduced_by_body = rng.choice(bodies).value
    candidate.introduced_on = days.earlier(rng, life.entered_on, 5, 40)


def _bodies(candidate: Candidate) -> tuple[Body, ...]:
    if candidate.is_youth_union_member:
        return (Body.YOUTH_UNION,)
    if candidate.is_trade_union_member:
        return (Body.TRADE_UNION,)
    return (Body.FARMERS_UNION, Body.WOMEN_UNION if candidate.sex == "female" else Body.VETERANS_UNION)


def _papers(rng: Random, candidate: Candidate, life: Life) -> None:
    if rng.random() < 0.8:
        candidate.informed_on = life.entered_on
        candidate.legal_basis = "Thông báo khi đưa vào nguồn; Điều lệ Đảng, Điều 4"
    dossier, voted = life.day_of(Step.DOSSIER), life.day_of(Step.BRANCH_PASSED)
    if dossier and voted:
        candidate.background_checked_on = max(dossier, days.earlier(rng, voted, 5, 30))
        candidate.background_document = f"{rng.randint(3, 190)}-TTLL/ĐU"


def companions_of(life: Life, candidate: Candidate) -> tuple[list[Introducer], list[Helper]]:
    """From the dossier on two introducers (with the Youth Union one); a helper, now and then replaced."""
    rng, dossier = life.rng, life.day_of(Step.DOSSIER)
    introducers, helpers = [], []
    if dossier:
        for _ in range(1 if candidate.is_youth_union_member or candidate.is_trade_union_member else 2):
            introducers.append(Introducer(candidate=candidate, from_on=dossier, **_member(rng, life)))
        _together(life, introducers)
    if dossier or (candidate.stage == Stage.TRAINED and rng.random() < 0.5):
        start = dossier or life.last.on
        helper = Helper(candidate=candidate, from_on=start, **_member(rng, life))
        helpers.append(helper)
        if dossier and rng.random() < 0.08 and (life.last.on - start).days > 60:
            helper.to_on = start + timedelta(days=60)
            helpers.append(Helper(candidate=candidate, from_on=helper.to_on, **_member(rng, life)))
    return introducers, helpers


def _together(life: Life, introducers: list[Introducer]) -> None:
    """Since when they work or live together: mostly known, to the day, the month or the year; always long enough."""
    rng = Random(f"together:{life.index}:{life.entered_on}")
    for one in introducers:
        since, chance = one.from_on - timedelta(days=rng.randint(800, 4000)), rng.random()
        if chance < 0.08:
            continue
        one.together_since = PartialDate(since.year) if chance < 0.3 else PartialDate(since.year, since.month)
        if chance > 0.7:
            one.together_since = PartialDate.from_date(since)


def _member(rng: Random, life: Life) -> dict:
    name = names.full_name(rng, rng.choice(("male", "male", "female")))
    return {"full_name": name, "position": f"{rng.choice(HELPING)}, {life.spot.name}"[:200]}


def waiting_for(kind: str) -> str:
    return {"waiting_unit": WaitingFor.UNIT, "waiting_board": WaitingFor.BOARD}.get(kind, "")
