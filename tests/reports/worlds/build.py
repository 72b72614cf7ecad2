"""Make a small world through the actions of the product: its units, accounts, plan, targets, people and their steps."""

from datetime import timedelta

from django.db import transaction

from candidates.actions import class_catalogue
from candidates.actions.corrections import Correction, correct_events, withdraw_last
from candidates.actions.records import edit, introduce
from candidates.models import Candidate
from candidates.pipeline import Step
from organizations import changes
from organizations.models import Organization, OrganizationFigure, Succession, User
from organizations.permissions import Role
from targets.models import AdmissionPlan, BranchShare, OpeningBalance, TargetRule, YearlyTarget
from tests import factories
from tests.reports.worlds.notation import BEFORE, World, day, rows

KINDS = {
    "commune": ("grassroots_commune", "committee", (3, 5)),
    "office": ("grassroots_other", "committee", (2, 3)),
    "cell": ("grassroots_other", "cell", (2, 3)),
}
MARKS = {
    "male": {"sex": "male"},
    "female": {"sex": "female"},
    "union": {"is_youth_union_member": True},
    "catholic": {"religion": "catholic"},
    "private": {"occupation": "private_worker"},
}
FACTS = {
    Step.STOPPED: {"reason": "đi làm xa một thời gian"},
    Step.REOPENED: {"reason": "đã trở về địa phương"},
    Step.MOVED: {"reason": "chuyển nơi ở sang xã khác"},
    Step.MOVED_AWAY: {"reason": "chuyển nơi ở sang tỉnh khác", "destination": "Đảng bộ tỉnh khác"},
    Step.RETURNED: {"reason": "hồ sơ còn thiếu giấy tờ"},
    Step.DECISION_CANCELLED: {"reason": "phát hiện sai sót khi kiểm tra", "document": "11-QĐ/HU"},
    Step.STRUCK_OFF: {"reason": "tự ý bỏ sinh hoạt đảng", "document": "12-QĐ/HU"},
    Step.BRANCH_VOTE_FAILED: {"members": 12, "votes": 3},
}
BOARD_STEPS = (Step.RETURNED, Step.DECISION_CANCELLED, Step.STRUCK_OFF, Step.MOVED, Step.MOVED_AWAY)


class Builder:
    """Builds one world; `units` and `people` hold what was made, by the names the world uses."""

    def __init__(self, world: World):
        self.world, self.units, self.people = world, {}, {}

    def build(self) -> "Builder":
        with transaction.atomic(), changes.recording(by=None, action="rules.load") as log:
            class_catalogue.add_missing(log)
        area = factories.make_unit(None, "khu-vuc", "Khu vực", kind="area", code="")
        self.district = factories.make_unit(area, "vu-thu", "Đảng bộ huyện Vũ Thư", kind="district", code="344")
        for name, role in (("board", Role.ORGANIZATION_BOARD), ("board_2", Role.ORGANIZATION_BOARD)):
            factories.assign(factories.make_user(name), role, self.district)
        factories.assign(factories.make_user("center"), Role.POLITICAL_CENTER, self.district)
        closing = self._units()
        self.plan = self._plan()
        self._balances()
        for cells in rows(self.world.people):
            self._person(*cells)
        for unit, closed_on in closing:
            Organization.objects.filter(path__startswith=unit.path).update(closed_on=closed_on)
        return self

    def _units(self) -> list:
        closing = []
        for order, (name, kind, opened, closed, branches) in enumerate(rows(self.world.units)):
            kind, form, _ = KINDS[kind]
            unit = factories.make_unit(
                self.district, name, name, kind=kind, form=form, opened_on=day(opened), order=order, short_name=name
            )
            self.units[name] = unit
            factories.assign(factories.make_user(f"{name}_officer"), Role.UNIT_OFFICER, unit)
            older = branches.removeprefix("<").strip() if branches.startswith("<") else ""
            names = (
                [b.name.replace(older, name) for b in self.units[older].children.all()] if older else branches.split()
            )
            for branch in factories.make_branches(unit, *names, opened_on=day(opened)) if names else []:
                self.units[branch.name] = branch
                factories.assign(factories.make_user(f"{branch.name}_officer"), Role.BRANCH_OFFICER, branch)
            for new, old in [(unit, self.units[older]), *self._pairs(unit, older)] if older else []:
                Succession.objects.create(predecessor=old, successor=new, effective_on=day(opened))
            if closed:
                closing.append((unit, day(closed)))
        return closing

    def _pairs(self, unit, older: str) -> list:
        return [(branch, self.units[branch.name.replace(unit.name, older)]) for branch in unit.children.all()]

    def _plan(self) -> AdmissionPlan:
        plan = AdmissionPlan.objects.create(
            organization=self.district,
            number="51-KH/HU",
            signed_on=day("2021-09-29"),
            title="Kết nạp đảng viên",
            plan_starts_on=day("2021-01-01"),
            plan_ends_on=day("2025-12-31"),
            term_starts_on=day("2020-08-01"),
            term_ends_on=day("2025-06-30"),
            minimum=500,
        )
        given = rows(self.world.targets)
        for kind, (low, high) in {kind: spread for kind, _, spread in KINDS.values()}.items():
            TargetRule.objects.create(plan=plan, kind=kind, minimum=low, maximum=high)
        for name, kind, opened, *_ in rows(self.world.units):
            for year in plan.years if day(opened) <= plan.signed_on else ():
                self._target(plan, name, year, KINDS[kind][2], plan.signed_on)
        for name, year, spread, decided in given:
            low_high = (None, None) if spread == "none" else tuple(int(part) for part in spread.split("-"))
            self._target(plan, name, int(year), low_high, day(decided))
        return plan

    def _target(self, plan, name: str, year: int, spread, decided_on) -> None:
        unit = self.units[name]
        revision = YearlyTarget.objects.filter(organization=unit, year=year).count()
        texts = {"reason": "điều chỉnh trong năm", "document": "9-QĐ/HU", "source": "revision"} if revision else {}
        low, high = spread
        YearlyTarget.objects.create(
            **{"plan": plan, "organization": unit, "year": year, "revision": revision, "source": "rule"} | texts,
            minimum=low,
            maximum=high,
            decided_on=decided_on,
        )

    def _balances(self) -> None:
        for name, first, last, count, women in rows(self.world.opening):
            OpeningBalance.objects.create(
                plan=self.plan,
                organization=self.units[name],
                from_on=day(first),
                to_on=day(last),
                count=int(count),
                women=None if women == "?" else int(women),
                document="10-BC/ĐU",
            )
        for name, on, members in rows(self.world.members):
            OrganizationFigure.objects.create(
                organization=self.units[name], on=day(on), members=int(members), source="báo cáo"
            )
        for name, year, spread in rows(self.world.shares):
            low, high = spread.split("-")
            branch = self.units[name]
            BranchShare.objects.create(
                target_organization=branch.parent, organization=branch, year=int(year), minimum=low, maximum=high
            )

    def _person(self, name: str, where: str, marks: str, life: str) -> None:
        unit, values = self.units[where], {}
        for mark in marks.split():
            values |= MARKS[mark]
        if life == "waiting":
            self._introduced(name, unit, values)
            return
        for part in [part.strip() for part in life.split(",")]:
            first, _, second = part.partition(" ")
            if first == "undo":
                self._undo(name)
            elif first == "edit":
                self._edit(name, MARKS[second])
            elif first.startswith("~"):
                self._correct(name, Step(first[1:]), day(second))
            elif second.startswith("="):
                self._until(name, unit, values, Step(second[1:]), day(first))
            else:
                self._step(name, unit, values, second, day(first))

    def _introduced(self, name, unit, values) -> None:
        youth = factories.make_user(f"youth_{name}")
        factories.assign(youth, Role.MASS_ORGANIZATION, unit.grassroots, body="youth_union")
        self.people[name] = introduce(
            values={"full_name": name, "identity_number": factories.identity()} | values,
            unit=unit.grassroots,
            body="youth_union",
            introduced_on=day("2024-01-05"),
            by=youth,
        )

    def _until(self, name, unit, values, last: Step, on) -> None:
        """The usual life up to a decision."""
        for step, days in BEFORE.items():
            if not (unit.grassroots.form == "cell" and step == Step.COMMITTEE_PASSED):
                self._step(name, unit, values, step, on - timedelta(days=days))
        self._step(name, unit, values, last, on)

    def _step(self, name, unit, values, what: str, on) -> None:
        what, _, detail = what.partition(">")
        if what == Step.SOURCE:
            self.people[name] = factories.make_candidate(unit, full_name=f"Người {name}", started=on, **values)
        elif what == Step.TRAINED:
            factories.give_certificate(self.people[name], on)
        else:
            step = Step(what)
            facts = FACTS.get(step, {}) | ({"redo_from": detail} if step == Step.RETURNED else {})
            by = User.objects.get(username="board") if step in BOARD_STEPS else None
            target = self.units[detail] if step == Step.MOVED else None
            factories.step(self.people[name], step, on, by=by, unit=target, **facts)

    def _fresh(self, name) -> Candidate:
        return Candidate.objects.select_related("unit").get(pk=self.people[name].pk)

    def _undo(self, name) -> None:
        person = self._fresh(name)
        last = person.events.filter(is_live=True).order_by("-happened_on", "-place").first()
        board = User.objects.get(username="board_2")
        withdraw_last(candidate=person, event=last, reason="ghi nhầm người khác", version=person.version, by=board)

    def _edit(self, name, values) -> None:
        person = self._fresh(name)
        edit(candidate=person, values=values, version=person.version, by=factories.officer_of(person.unit))

    def _correct(self, name, step: Step, on) -> None:
        person = self._fresh(name)
        event = person.events.filter(is_live=True, step=step).get()
        correct_events(
            candidate=person,
            corrections=[Correction(event, on)],
            reason="đối chiếu lại văn bản gốc",
            version=person.version,
            by=User.objects.get(username="board_2"),
        )


def build(world: World) -> Builder:
    return Builder(world).build()
