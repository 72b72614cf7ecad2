from decimal import Decimal

from django.db import migrations

from vuthu_recruit.vietnamese import sort_key

# As the classes were before kinds and grades became rows: name, purpose, lessons, mark, place.
KINDS = {
    "awareness": ("Bồi dưỡng nhận thức về Đảng", 10, "CN-NTVĐ", 10),
    "new_member": ("Bồi dưỡng đảng viên mới", 10, "CN-ĐVM", 20),
    "committee": ("Bồi dưỡng nghiệp vụ cấp ủy viên", 6, "", 30),
}
GRADES = {
    "excellent": ("Xuất sắc", None, True, 10),
    "very_good": ("Giỏi", Decimal(8), True, 20),
    "good": ("Khá", Decimal(7), True, 30),
    "average": ("Trung bình", Decimal(5), True, 40),
    "failed": ("Không đạt", Decimal(0), False, 50),
}


def fill(apps, schema_editor):
    """Classes get their kind as a row, results their grade; an empty database gets both from load_rules."""
    model = apps.get_model("candidates", "TrainingClass")
    if not model.objects.exists():
        return
    kinds, grades = apps.get_model("candidates", "ClassKind"), apps.get_model("candidates", "Grade")
    for key, (name, lessons, mark, order) in KINDS.items():
        values = {"name": name, "purpose": key, "lessons": lessons, "certificate_mark": mark, "order": order}
        row, _ = kinds.objects.get_or_create(key=key, defaults=values)
        model.objects.filter(kind_word=key).update(kind=row)
    enrolments = apps.get_model("candidates", "Enrolment").objects
    for key, (name, score, is_pass, order) in GRADES.items():
        values = {"name": name, "from_score": score, "is_pass": is_pass, "order": order}
        row, _ = grades.objects.get_or_create(key=key, defaults=values)
        enrolments.filter(result=key, state="finished").update(grade=row, is_passed=is_pass)
    # Finished without a result is no result yet.
    enrolments.filter(state="finished", grade=None).update(state="enrolled")
    # What was never said: why somebody was refused. And how participants who are no candidates are sorted.
    enrolments.filter(state__in=["refused", "withdrawn"], reason="").update(reason="Chưa ghi lý do")
    known = set()
    for row in enrolments.exclude(participant_name="").order_by("pk"):
        row.participant_sort_key = sort_key(row.participant_name)[:255]
        position, number = row.participant_position, 1
        while (key := (row.training_class_id, row.unit_id, row.participant_name, row.participant_position)) in known:
            number += 1  # nothing kept one name from standing twice in a class
            row.participant_position = f"{position[:110]} ({number})"
        known.add(key)
        row.save(update_fields=["participant_sort_key", "participant_position"])


def unfill(apps, schema_editor):
    """Back to words. What the old rules do not allow is kept by other means: a further number, a person as a name."""
    model = apps.get_model("candidates", "TrainingClass")
    taken = set()
    for row in model.objects.select_related("kind").order_by("is_called_off", "pk"):
        word, number = row.kind.purpose, row.number
        while (row.organization_id, word, row.year, number) in taken:
            number += 1
        taken.add((row.organization_id, word, row.year, number))
        model.objects.filter(pk=row.pk).update(kind_word=word, kind=None, number=number)
    seen = set()
    states = {"withdrawn": "refused"}
    for row in apps.get_model("candidates", "Enrolment").objects.select_related("candidate").order_by("-pk"):
        again = row.candidate_id and (row.training_class_id, row.candidate_id) in seen
        seen.add((row.training_class_id, row.candidate_id))
        if again:
            row.participant_name, row.candidate = row.candidate.full_name[:120], None
        row.state = states.get(row.state, row.state)
        row.save(update_fields=["participant_name", "participant_sort_key", "candidate", "state"])
    enrolments = apps.get_model("candidates", "Enrolment").objects
    for row in apps.get_model("candidates", "Grade").objects.all():
        word = row.key if row.key in GRADES else ("good" if row.is_pass else "failed")
        enrolments.filter(grade=row).update(result=word, grade=None, is_passed=None)


class Migration(migrations.Migration):

    dependencies = [("candidates", "0012_training_chain")]

    operations = [migrations.RunPython(fill, unfill)]
