"""Fields for Vietnamese text, days and partial dates, and columns computed from another column.

full_name = CleanCharField("họ và tên", max_length=100)
search_key = SearchKeyField(source="full_name")
sort_key = SortKeyField(source="full_name", db_index=True)
born = PartialDateField("ngày sinh", null=True, blank=True)

objects = CandidateQuerySet.as_manager()  # a KeyedQuerySet
"""

from datetime import date

from django import forms
from django.core import checks
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.signals import pre_save

from vuthu_recruit import dates, vietnamese
from vuthu_recruit.dates import DateError, PartialDate

# Forms


class CleanCharFormField(forms.CharField):
    """One line in NFC without stray spaces or invisible characters."""

    clean_text = staticmethod(vietnamese.clean)

    def to_python(self, value):
        if value in self.empty_values:
            return self.empty_value
        return self.clean_text(str(value)) or self.empty_value


class CleanTextFormField(CleanCharFormField):
    """The same, line by line."""

    widget = forms.Textarea
    clean_text = staticmethod(vietnamese.clean_lines)


class TypedDateField(forms.Field):
    """A date typed as text; refusals begin with the label of the field."""

    hint = ""

    def __init__(self, **kwargs):
        kwargs["help_text"] = kwargs.get("help_text") or self.hint
        super().__init__(**kwargs)

    def read(self, text):
        raise NotImplementedError

    def to_python(self, value):
        if value in self.empty_values or (isinstance(value, str) and not vietnamese.clean(value)):
            return None
        try:
            return self.read(value)
        except DateError as refusal:
            label = str(self.label or "Ngày").rstrip(": ")
            raise ValidationError(refusal.for_label(label), code=refusal.code)

    def widget_attrs(self, widget):
        return {"inputmode": "numeric", "autocomplete": "off"} if isinstance(widget, forms.TextInput) else {}


class DayField(TypedDateField):
    """A whole day as a `date`. In a ModelForm: `field_classes = {"held_on": DayField}`."""

    hint = f"Ví dụ: {dates.EXAMPLE}"

    def read(self, text):
        if isinstance(text, date):  # or a datetime, as workbooks give
            return date(text.year, text.month, text.day)
        return dates.parse_day(str(text))

    def prepare_value(self, value):
        return dates.show_day(value) if isinstance(value, date) else value


class PartialDateFormField(TypedDateField):
    """A `PartialDate`: a day, a month or a year, whatever the paper says."""

    hint = f"Ví dụ: {dates.EXAMPLE}; nếu chỉ biết tháng hoặc năm: 3/1990, 1990"

    def read(self, text):
        return _partial_date(text)

    def prepare_value(self, value):
        return str(value) if isinstance(value, PartialDate) else value


# Models: what people type


class CleanedMixin:
    """Clean in forms, in full_clean() and on every way into the database."""

    clean_text = None
    form_class = None

    def to_python(self, value):
        """Also what Django calls for the values of update() and of exact lookups, but not of `contains`."""
        value = super().to_python(value)
        return self.clean_text(value) if isinstance(value, str) else value

    def pre_save(self, instance, add):
        value = super().pre_save(instance, add)
        if isinstance(value, str):
            value = self.clean_text(value)
            setattr(instance, self.attname, value)
        return value

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": self.form_class} | kwargs)


class CleanCharField(CleanedMixin, models.CharField):
    clean_text = staticmethod(vietnamese.clean)
    form_class = CleanCharFormField


class CleanTextField(CleanedMixin, models.TextField):
    clean_text = staticmethod(vietnamese.clean_lines)
    form_class = CleanTextFormField


class PartialDateField(models.CharField):
    """A PartialDate kept as 1990, 1990-05 or 1990-05-27. Unknown is NULL, so an optional one needs null=True."""

    empty_strings_allowed = False

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        return PartialDate.from_iso(value) if value else None

    def to_python(self, value):
        try:
            return _partial_date(value)
        except DateError as refusal:
            raise ValidationError(refusal.for_label(_capitalized(self.verbose_name)), code=refusal.code)

    def get_prep_value(self, value):
        value = _partial_date(value)
        return value.iso if value else None

    def pre_save(self, instance, add):
        value = super().pre_save(instance, add)
        if not hasattr(value, "resolve_expression"):
            value = _partial_date(value)
            setattr(instance, self.attname, value)
        return value

    def run_validators(self, value):
        super().run_validators(value.iso if value else value)

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def formfield(self, **kwargs):
        return models.Field.formfield(self, **{"form_class": PartialDateFormField} | kwargs)


# Models: what is computed from them


class StaleKey(TypeError):
    """A write would leave a computed column behind its source."""


class KeyField(models.CharField):
    """A column computed from `source` whenever a row is saved: save(), bulk_create(), update_or_create().

    Ways that skip pre_save raise StaleKey: update() and bulk_update() of a KeyedQuerySet, save(update_fields=…).
    """

    compute = None

    def __init__(self, *args, source, **kwargs):
        self.source = source
        super().__init__(*args, **{"max_length": 255} | kwargs | {"editable": False, "blank": True, "default": ""})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for always_so in ("editable", "blank", "default"):
            del kwargs[always_so]
        return name, path, args, kwargs | {"source": self.source}

    def key(self, text) -> str:
        """Cut to the column: one strange character can become eighteen."""
        if hasattr(text, "resolve_expression"):
            raise StaleKey(f"{self.attname} cannot be computed from an expression; give a value.")
        return self.compute(text)[: self.max_length]

    def pre_save(self, instance, add):
        key = self.key(getattr(instance, self.source))
        setattr(instance, self.attname, key)
        return key

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        if not cls._meta.abstract:  # a field cannot see update_fields otherwise; Django's ImageField does the same
            pre_save.connect(refuse_partial_save, sender=cls)

    def check(self, **kwargs):
        return [*super().check(**kwargs), *self._check_source(), *self._check_manager()]

    def _check_source(self):
        try:
            self.model._meta.get_field(self.source)
        except FieldDoesNotExist:
            yield checks.Error(
                f"{self} is computed from '{self.source}', which is no field.", obj=self, id="vuthu.E101"
            )

    def _check_manager(self):
        if not isinstance(self.model._default_manager.get_queryset(), KeyedQuerySet):
            hint = "Build the manager from a queryset class that extends KeyedQuerySet."
            yield checks.Error(f"update() could leave {self} stale.", hint=hint, obj=self, id="vuthu.E102")


class SearchKeyField(KeyField):
    compute = staticmethod(vietnamese.search_key)


class SortKeyField(KeyField):
    compute = staticmethod(vietnamese.sort_key)


class SameNameKeyField(KeyField):
    compute = staticmethod(vietnamese.same_name_key)


class KeyedQuerySet(models.QuerySet):
    """Refuses every write that names the source of a key without the key."""

    def keyed(self, **values):
        """Return the values plus the keys computed from them: `rows.update(**rows.keyed(full_name=name))`."""
        fields = [field for field in key_fields(self.model) if field.source in values]
        return values | {field.name: field.key(values[field.source]) for field in fields}

    def update(self, **kwargs):
        refuse_stale_keys(self.model, kwargs)
        return super().update(**kwargs)

    update.alters_data = True

    def bulk_update(self, objs, fields, batch_size=None):
        """Keys named in `fields` are computed here, because Django calls no pre_save in bulk_update()."""
        objs, fields = tuple(objs), tuple(fields)
        refuse_stale_keys(self.model, fields)
        for field in key_fields(self.model):
            if field.name in fields:
                for obj in objs:
                    field.pre_save(obj, add=False)
        return super().bulk_update(objs, fields, batch_size)

    bulk_update.alters_data = True

    def bulk_create(self, objs, *args, update_fields=None, **kwargs):
        refuse_stale_keys(self.model, update_fields or ())
        return super().bulk_create(objs, *args, update_fields=update_fields, **kwargs)

    bulk_create.alters_data = True


def exactness(query, *, same_name="same_name_key", search="search_key"):
    """Rank found rows like `vietnamese.exactness`, in SQL: `rows.order_by(exactness("đào"), "sort_key")`.

    Search first (`search_key__contains`): what is not found only sorts last.
    """
    columns = [(same_name, vietnamese.same_name_key(query)), (search, vietnamese.search_key(query))]
    conditions = [holds(column, words) for holds in (_whole_words, _part) for column, words in columns]
    ranks = [When(condition, then=Value(rank)) for rank, condition in enumerate(conditions) if condition]
    return Case(*ranks, default=Value(len(conditions)), output_field=models.SmallIntegerField())


def key_fields(model):
    return [field for field in model._meta.concrete_fields if isinstance(field, KeyField)]


def refuse_stale_keys(model, names):
    """Raise StaleKey when the names of fields to be written hold a source without its keys."""
    stale = [field.name for field in key_fields(model) if field.source in names and field.name not in names]
    if stale:
        raise StaleKey(
            f"{model.__name__}: {', '.join(stale)} would be stale; write them too (see KeyedQuerySet.keyed)."
        )


def refuse_partial_save(sender, update_fields, raw, **kwargs):
    if update_fields and not raw:
        refuse_stale_keys(sender, update_fields)


def _whole_words(column, words):
    if not words:
        return None
    lookups = {"": words, "__startswith": f"{words} ", "__endswith": f" {words}", "__contains": f" {words} "}
    return Q(*((column + lookup, value) for lookup, value in lookups.items()), _connector=Q.OR)


def _part(column, words):
    return Q((f"{column}__contains", words)) if words else None


def _partial_date(value) -> PartialDate | None:
    if value is None or isinstance(value, PartialDate):
        return value
    if isinstance(value, date):
        return PartialDate.from_date(value)
    return dates.parse_partial(str(value)) if vietnamese.clean(str(value)) else None


def _capitalized(label) -> str:
    return str(label)[:1].upper() + str(label)[1:]
