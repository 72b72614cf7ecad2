"""The classes of the demo: opened through the action, filled in bulk by the writer."""

from collections import Counter
from datetime import date
from decimal import Decimal
from random import Random

from candidates.actions.classes import open_class
from candidates.models import ClassKind, Enrolment, Grade, TrainingClass
from organizations.models import Organization
from reports.demo.courses import Session
from reports.demo.names import full_name

PLACE = "Hội trường Trung tâm Chính trị huyện"
CAPACITY = {"awareness": 80, "new_member": 120, "committee": 60}
PEOPLE_A_CLASS = 750  # of all demo people, so that one class holds 40–80
POSITIONS = ("Bí thư chi bộ", "Phó Bí thư chi bộ", "Chi ủy viên", "Đảng ủy viên")
MARKS = {"awareness": "GCN-NTVĐ", "new_member": "GCN-ĐVM", "committee": "GCN-NVCU"}


LEFT = "Nghỉ từ buổi thứ tư, không học tiếp"
SCORES = {"excellent": (36, 40), "very_good": (32, 35), "good": (28, 31), "average": (20, 27), "failed": (12, 19)}


def score_of(grade: str, key: str) -> Decimal | None:
    """A score in quarters of a point that the scale gives this grade; always the same for a key."""
    return Decimal(Random(f"score:{key}").randint(*SCORES[grade])) / 4 if grade in SCORES else None


class Register:
    """The classes of each session, and the numbers of certificates."""

    def __init__(self, sessions: list[Session], today: date, count: int, by):
        self.parallel = max(1, -(-count // PEOPLE_A_CLASS))
        self.today = today
        self.kinds = {kind.key: kind for kind in ClassKind.objects.all()}
        self.grades = {grade.key: grade for grade in Grade.objects.all()}
        self._numbers: dict[tuple[str, int], int] = {}
        self._last: dict[tuple[str, int], int] = {}
        self._seated: Counter[TrainingClass] = Counter()
        self._district, self._by = Organization.objects.get(kind="district", closed_on=None), by
        self.classes = {session: self._open(session) for session in sessions if session.is_on_the_books(today)}

    def _open(self, session: Session) -> list[TrainingClass]:
        parallel = 1 if session.kind == "committee" else self.parallel
        return [self._open_one(session) for _ in range(parallel)]

    def _open_one(self, session: Session) -> TrainingClass:
        key = (session.kind, session.from_on.year)
        number = self._last[key] = self._last.get(key, 0) + 1
        values = {
            "organization": self._district,
            "kind": self.kinds[session.kind],
            "number": number,
            "year": session.from_on.year,
            "from_on": session.from_on,
            "to_on": session.to_on,
            "place": PLACE,
            "capacity": CAPACITY[session.kind],
            "opening_decision": f"{number + 40}-QĐ/TTCT",
            "is_sample": True,
        }
        return open_class(values=values, by=self._by)

    def seat(self, session: Session) -> TrainingClass:
        """A place in the emptiest class of the session; a further class is opened when all are full."""
        emptiest = min(self.classes[session], key=lambda one: self._seated[one])
        if self._seated[emptiest] >= emptiest.capacity:
            emptiest = self._open_one(session)
            self.classes[session].append(emptiest)
        self._seated[emptiest] += 1
        return emptiest

    def certificate(self, session: Session) -> str:
        """The next number of the year."""
        key = (session.kind, session.issued_on.year)
        self._numbers[key] = self._numbers.get(key, 0) + 1
        return f"{self._numbers[key]:03d}/{MARKS[session.kind]}"

    def fill_committees(self, seed: int, units: list[tuple[int, str]]) -> int:
        """The participants of classes for committee members: names and positions, no candidates."""
        found = []
        for session, classes in self.classes.items():
            if session.kind != "committee":
                continue
            rng = Random(f"{seed}:committee:{session.from_on}")
            for key, short_name in rng.sample(units, min(len(units), rng.randint(30, 45))):
                found.append(
                    Enrolment(
                        training_class=classes[0],
                        unit_id=key,
                        participant_name=full_name(rng, rng.choice(("male", "male", "female"))),
                        participant_position=f"{rng.choice(POSITIONS)}, {short_name}"[:120],
                        state="finished",
                        grade=self.grades[rng.choice(("very_good", "good", "good"))],
                        is_passed=True,
                        certificate_number=self.certificate(session),
                        issued_on=session.issued_on,
                    )
                )
        return len(Enrolment.objects.bulk_create(found))
