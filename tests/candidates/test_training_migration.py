"""Classes from before kinds, grades and nominations: carried forward, back and forward again, nothing lost."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

OLD, NEW = [("candidates", "0011_outcomes_by_place")], [("candidates", "0014_training_chain_rules")]


def migrate(to):
    executor = MigrationExecutor(connection)
    executor.loader.build_graph()
    executor.migrate(to)
    return MigrationExecutor(connection).loader.project_state(to).apps


@pytest.fixture
def old(transactional_db):
    yield migrate(OLD)
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


def ground(apps):
    """A district, a unit and a person, as the old tables have them."""
    units = apps.get_model("organizations", "Organization").objects
    area = units.create(slug="kv", name="Khu vực", short_name="Khu vực", kind="area", form="committee", path="kv/",
                        opened_on=date(2015, 1, 1))  # fmt: skip
    person = apps.get_model("candidates", "Candidate").objects.create(
        full_name="Trần Thị Cũ", unit=area, stage="source", status="open"
    )
    return area, person


def test_old_classes_get_kinds_and_grades_and_keep_what_they_said(old):
    area, person = ground(old)
    classes, rows = (old.get_model("candidates", name).objects for name in ("TrainingClass", "Enrolment"))
    days = {"from_on": date(2022, 3, 7), "to_on": date(2022, 3, 11), "year": 2022, "organization": area}
    one = classes.create(kind="awareness", number=1, **days)
    course = classes.create(kind="committee", number=1, **days)
    rows.create(training_class=one, candidate=person, unit=area, state="finished", result="good",
                certificate_number="01/CN", issued_on=date(2022, 3, 20))  # fmt: skip
    for _ in range(2):  # nothing forbade it
        rows.create(training_class=course, unit=area, participant_name="Lê Văn Bí", participant_position="Bí thư",
                    state="finished", result="")  # fmt: skip
    rows.create(training_class=course, unit=area, participant_name="Đỗ Thị Chi", state="refused")

    new = migrate(NEW)
    rows = new.get_model("candidates", "Enrolment").objects
    kept = rows.get(certificate_number="01/CN")
    assert (kept.training_class.kind.purpose, kept.grade.name, kept.is_passed) == ("awareness", "Khá", True)
    assert sorted(rows.filter(participant_name="Lê Văn Bí").values_list("participant_position", "state")) == [
        ("Bí thư", "enrolled"), ("Bí thư (2)", "enrolled"),
    ]  # fmt: skip
    assert rows.get(participant_name="Đỗ Thị Chi").reason == "Chưa ghi lý do"

    # What the old rules do not allow: a number used again after a class was called off, a second nomination.
    classes = new.get_model("candidates", "TrainingClass").objects
    off = classes.get(pk=course.pk)
    off.is_called_off = True
    off.save()
    again = classes.create(kind=off.kind, number=1, year=2022, from_on=off.from_on, to_on=off.to_on,
                           organization_id=off.organization_id)  # fmt: skip
    for state in ("refused", "withdrawn", "nominated"):
        rows.create(training_class_id=one.pk if state == "refused" else again.pk, candidate_id=person.pk,
                    unit_id=area.pk, state=state, reason="Vì bận việc")  # fmt: skip
    back = migrate(OLD)
    numbers = back.get_model("candidates", "TrainingClass").objects.filter(kind="committee")
    assert sorted(numbers.values_list("number", flat=True)) == [1, 2]
    assert back.get_model("candidates", "Enrolment").objects.count() == 7
    assert back.get_model("candidates", "Enrolment").objects.get(certificate_number="01/CN").result == "good"
    assert migrate(NEW).get_model("candidates", "Enrolment").objects.count() == 7
