"""Filters of the change log: who, what, when, about what, where."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone

from organizations.history import ACTIONS
from organizations.models import Change, Organization, User
from organizations.models.organization import GRASSROOTS
from organizations.permissions import Permission
from vuthu_recruit import vietnamese
from vuthu_recruit.fields import DayField

NOT_OFFERED = {"invalid_choice": "Hãy chọn một mục trong danh sách."}
# Kinds of things people look for; the type of the subject, not of each row.
SUBJECTS = (
    ("candidates.Candidate", "Quần chúng"),
    ("organizations.Organization", "Đơn vị, chỉ tiêu"),
    ("targets.AdmissionPlan", "Kế hoạch"),
    ("candidates.TrainingClass", "Lớp học"),
    ("organizations.User", "Tài khoản"),
)


class LogFilterForm(forms.Form):
    """What the logs ask alike: from which day to which, and what is set as chips. The days stand last."""

    from_on = DayField(label="Từ ngày", required=False)
    to_on = DayField(label="Đến hết ngày", required=False)

    def __init__(self, data):
        super().__init__(data)
        days = [name for name in self.fields if name not in ("from_on", "to_on")]
        self.order_fields([*days, "from_on", "to_on"])

    def clean(self):
        given = super().clean()
        first, last = given.get("from_on"), given.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", "Ngày cuối trước ngày đầu.")
        return given

    def within_days(self, rows):
        """What happened on the days asked for, both included."""
        first, last = self.cleaned_data["from_on"], self.cleaned_data["to_on"]
        if first:
            rows = rows.filter(at__gte=_midnight(first))
        return rows.filter(at__lt=_midnight(last + timedelta(days=1))) if last else rows

    @property
    def chips(self) -> list[dict]:
        if not self.is_valid():
            return []
        return [
            {"name": name, "value": self.data[name], "label": f"{field.label}: {self._words(name)}"}
            for name, field in self.fields.items()
            if self.cleaned_data.get(name)
        ]

    @property
    def words(self) -> str:
        """The filter as a file says it."""
        return "; ".join(chip["label"] for chip in self.chips) or "không lọc"

    def _words(self, name: str) -> str:
        value = self.cleaned_data[name]
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            return field.label_from_instance(value)
        return f"{value:%d/%m/%Y}" if isinstance(field, DayField) else dict(field.choices)[value]


class ChangeFilterForm(LogFilterForm):
    """Costs two queries: the people who changed something, and the units of the scope."""

    person = forms.ModelChoiceField(
        User.objects.none(), label="Người làm", empty_label="Tất cả", required=False, error_messages=NOT_OFFERED
    )
    action = forms.ChoiceField(label="Việc", required=False, error_messages=NOT_OFFERED)
    subject = forms.ChoiceField(
        label="Đối tượng", choices=[("", "Tất cả"), *SUBJECTS], required=False, error_messages=NOT_OFFERED
    )
    unit = forms.ModelChoiceField(
        Organization.objects.none(),
        label="Đơn vị",
        empty_label="Tất cả",
        to_field_name="slug",
        required=False,
        error_messages=NOT_OFFERED,
    )

    def __init__(self, data, *, user):
        super().__init__(data)
        changes = Change.objects.visible_to(user, needs=Permission.CHANGES_VIEW)
        self.fields["person"].queryset = User.objects.filter(pk__in=changes.order_by().values("by")).order_by(
            "full_name", "pk"
        )
        self.fields["action"].choices = [("", "Tất cả"), *sorted(ACTIONS.items(), key=lambda pair: pair[1])]
        units = Organization.objects.visible_to(user, needs=Permission.CHANGES_VIEW)
        asked = vietnamese.clean(data.get("unit", ""))[:80]  # PostgreSQL refuses NUL
        wanted = units.filter(kind__in=GRASSROOTS) | units.filter(slug=asked)  # a branch, from its own page
        self.fields["unit"].queryset = wanted.in_order()
        self.fields["unit"].label_from_instance = lambda unit: unit.short_name

    def rows(self, changes):
        """The changes asked for; none while a filter is wrong."""
        if not self.is_valid():
            return changes.none()
        given = self.cleaned_data
        if given["person"]:
            changes = changes.filter(by=given["person"])
        if given["action"]:
            changes = changes.filter(action=given["action"])
        if given["subject"]:
            changes = changes.filter(subject_type=given["subject"])
        if given["unit"]:
            changes = changes.filter(unit__path__startswith=given["unit"].path)
        return self.within_days(changes)


def _midnight(day: date) -> datetime:
    """When a day begins, for a filter by days of what happened at moments."""
    return timezone.make_aware(datetime.combine(day, time.min))
