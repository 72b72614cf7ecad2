"""Model and form fields for text, dates and keys, on a throw-away model; and the formats of the locale."""

import csv
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.db.models import F
from django.db.models.functions import Upper
from django.test.utils import isolate_apps
from django.utils import formats

from vuthu_recruit import fields, vietnamese
from vuthu_recruit.dates import PartialDate
from vuthu_recruit.fields import (
    CleanCharField,
    CleanCharFormField,
    CleanTextField,
    CleanTextFormField,
    DayField,
    KeyedQuerySet,
    PartialDateField,
    PartialDateFormField,
    SameNameKeyField,
    SearchKeyField,
    SortKeyField,
    StaleKey,
)


def nfd(text):
    return unicodedata.normalize("NFD", text)


with isolate_apps("vuthu_recruit"):

    class Somebody(models.Model):
        full_name = CleanCharField("họ và tên", max_length=40)
        note = CleanTextField("ghi chú", blank=True)
        born = PartialDateField("ngày sinh", null=True, blank=True)
        search_key = SearchKeyField(source="full_name")
        sort_key = SortKeyField(source="full_name", db_index=True)
        same_name_key = SameNameKeyField(source="full_name")

        objects = KeyedQuerySet.as_manager()

        class Meta:
            app_label = "vuthu_recruit"

        def __str__(self):
            return self.full_name

    class Careless(models.Model):
        name = models.CharField(max_length=40)
        search_key = SearchKeyField(source="nmae")

        class Meta:
            app_label = "vuthu_recruit"

        def __str__(self):
            return self.name


class SomebodyForm(forms.ModelForm):
    class Meta:
        model = Somebody
        fields = ["full_name", "note", "born"]


class MeetingForm(forms.Form):
    held_on = DayField(label="Ngày họp:")


@pytest.fixture
def people(db):
    """A table that lives as long as the transaction of the test; its queryset."""
    editor = connection.schema_editor(atomic=False)
    sql, params = editor.table_sql(Somebody)
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
    return Somebody.objects


def keys(person):
    return person.search_key, person.sort_key, person.same_name_key


def keys_of(name):
    return vietnamese.search_key(name), vietnamese.sort_key(name), vietnamese.same_name_key(name)


# Text


def test_a_name_is_stored_composed_and_otherwise_as_typed(people):
    person = people.create(full_name=nfd("  Đinh  Thị Hoà\u200b "), note="Một \r\n\r\n hai")

    assert person.full_name == "Đinh Thị Hoà"
    person.refresh_from_db()
    assert (person.full_name, person.note) == ("Đinh Thị Hoà", "Một\n\nhai")


def test_update_and_exact_lookups_clean_as_well(people):
    person = people.create(full_name="An")

    people.update(**people.keyed(full_name=nfd(" Ân ")))

    assert people.get(full_name=nfd("Ân")) == person
    assert keys(people.get()) == keys_of("Ân")


def test_a_form_cleans_before_it_measures_the_length():
    field = CleanCharFormField(max_length=4)

    assert field.clean(nfd(" Thuỷ\u200b ")) == "Thuỷ"
    with pytest.raises(ValidationError):
        field.clean("Thuỷỷ")


def test_a_form_takes_invisible_text_for_none_at_all():
    with pytest.raises(ValidationError) as refusal:
        CleanCharFormField().clean("\u200b \u00a0")
    assert refusal.value.code == "required"
    assert CleanCharFormField(required=False, empty_value=None).clean(" ") is None
    assert CleanTextFormField(required=False).clean("") == ""


def test_a_model_form_uses_the_fields_of_this_module():
    form = SomebodyForm({"full_name": nfd(" Lê  Hoà "), "note": "a\r\nb ", "born": "5/1990"})

    assert form.is_valid()
    assert form.cleaned_data == {"full_name": "Lê Hoà", "note": "a\nb", "born": PartialDate(1990, 5)}
    assert form.instance.full_name == "Lê Hoà"
    assert isinstance(form.fields["note"].widget, forms.Textarea)
    assert "search_key" not in forms.modelform_factory(Somebody, fields="__all__").base_fields


# Dates


@pytest.mark.parametrize(
    "value, stored, precision",
    [
        (PartialDate(1990), "1990", "year"),
        ("5/1990", "1990-05", "month"),
        ("1990-05-27", "1990-05-27", "day"),
        (date(1990, 5, 27), "1990-05-27", "day"),
        (datetime(1990, 5, 27, 7, 30), "1990-05-27", "day"),  # noqa: DTZ001 as a workbook gives it
    ],
)
def test_a_partial_date_is_stored_with_its_precision(people, value, stored, precision):
    person = people.create(full_name="An", born=value)

    assert person.born == PartialDate.from_iso(stored)
    person = people.get(born=value)
    assert (person.born.iso, person.born.precision) == (stored, precision)
    assert people.filter(born__gte="1990", born__lt=PartialDate(1991)).exists()


@pytest.mark.parametrize("value", [None, "", "  "])
def test_an_unknown_date_is_null(people, value):
    people.create(full_name="An", born=value)

    assert people.get(born__isnull=True).born is None
    assert Somebody().born is None


def test_a_date_that_cannot_be_is_refused_in_full_clean():
    with pytest.raises(ValidationError) as refusal:
        Somebody(full_name="An", born="31/02/1990").full_clean()

    assert refusal.value.message_dict["born"] == ["Ngày sinh không có thật: tháng 2 năm 1990 chỉ có 28 ngày."]


def test_a_partial_date_survives_a_fixture():
    field = Somebody._meta.get_field("born")

    assert field.to_python(field.value_to_string(Somebody(born=PartialDate(1990, 5)))) == PartialDate(1990, 5)
    assert field.to_python(field.value_to_string(Somebody())) is None


def test_a_form_refuses_in_a_sentence_about_its_label():
    assert SomebodyForm({"full_name": "An", "born": "1/2/90"}).errors["born"] == [
        "Ngày sinh cần năm đủ 4 chữ số. Ví dụ: 27/3/1990."
    ]
    form = MeetingForm({"held_on": "31/02/1990"})
    assert form.errors["held_on"] == ["Ngày họp không có thật: tháng 2 năm 1990 chỉ có 28 ngày."]
    assert form.errors.as_data()["held_on"][0].code == "unreal"
    assert 'value="31/02/1990"' in str(form["held_on"])


@pytest.mark.parametrize("typed", ["2/1/1990", "02011990", date(1990, 1, 2), datetime(1990, 1, 2, 9)])  # noqa: DTZ001
def test_a_day_field_gives_a_plain_date(typed):
    day = DayField().clean(typed)

    assert day == date(1990, 1, 2)
    assert type(day) is date


def test_a_day_field_is_one_text_box_with_an_example():
    field = MeetingForm(initial={"held_on": date(1990, 1, 2)})["held_on"]

    assert field.help_text == "Ví dụ: 27/3/1990"
    for attribute in ('type="text"', 'inputmode="numeric"', 'value="02/01/1990"'):
        assert attribute in str(field)
    assert DayField(help_text="Theo nghị quyết").help_text == "Theo nghị quyết"


def test_a_partial_date_is_shown_again_as_the_paper_says():
    form = SomebodyForm(instance=Somebody(full_name="An", born=PartialDate(1990, 5)))

    assert 'value="05/1990"' in str(form["born"])
    assert 'inputmode="numeric"' in str(form["born"])
    assert "maxlength" not in str(form["born"])


@pytest.mark.parametrize("field, initial, typed", [
    (DayField(), date(1990, 1, 2), "2-1-1990"),
    (PartialDateFormField(), PartialDate(1990, 5), "tháng 5 năm 1990"),
])  # fmt: skip
def test_another_spelling_of_the_same_date_is_no_change(field, initial, typed):
    assert not field.has_changed(initial, typed)
    assert field.has_changed(initial, "3/1/1991")
    assert field.has_changed(initial, "rác")


@pytest.mark.parametrize("field", [DayField, PartialDateFormField])
def test_an_empty_date_is_none_or_required(field):
    assert field(required=False).clean(" \u00a0") is None
    with pytest.raises(ValidationError) as refusal:
        field().clean(" ")
    assert refusal.value.code == "required"


# Keys


def test_keys_follow_the_name_through_every_ordinary_way_of_saving(people):
    person = people.create(full_name="Lê Thị Hòa")
    assert keys(people.get()) == keys_of("Lê Thị Hòa")

    person.full_name = "Lê Thị Đào"
    person.save()
    assert keys(people.get()) == keys_of("Lê Thị Đào")

    people.update_or_create(pk=person.pk, defaults={"full_name": "Lê Văn Đức"})
    assert keys(people.get()) == keys_of("Lê Văn Đức")


def test_keys_are_computed_in_bulk_create_and_in_its_upsert(people):
    [person] = people.bulk_create([Somebody(full_name=nfd("Vũ Văn Ân"))])
    assert keys(people.get()) == keys_of("Vũ Văn Ân")

    renamed = Somebody(pk=person.pk, full_name="Vũ Văn An")
    upsert = {"update_conflicts": True, "unique_fields": ["id"]}
    with pytest.raises(StaleKey):
        people.bulk_create([renamed], update_fields=["full_name"], **upsert)
    columns = ["full_name", "search_key", "sort_key", "same_name_key"]
    people.bulk_create([renamed], update_fields=columns, **upsert)
    assert keys(people.get()) == keys_of("Vũ Văn An")


def test_bulk_update_computes_the_keys_it_names_and_refuses_to_leave_any(people):
    person = people.create(full_name="An")
    person.full_name = "Ân"

    with pytest.raises(StaleKey, match="sort_key, same_name_key would be stale"):
        people.bulk_update([person], ["full_name", "search_key"])
    people.bulk_update([person], ["full_name", "search_key", "sort_key", "same_name_key"])

    assert people.get().full_name == "Ân"
    assert keys(people.get()) == keys_of("Ân")


@pytest.mark.parametrize("values", [{"full_name": "B"}, {"full_name": F("note")}, {"full_name": "B", "sort_key": "b0"}])
def test_update_refuses_a_name_without_all_of_its_keys(values):
    with pytest.raises(StaleKey, match="Somebody: .*search_key"):
        Somebody.objects.update(**values)


def test_update_takes_what_is_no_source_and_what_keyed_prepared(people):
    people.create(full_name="An")

    assert people.update(note="x", born=PartialDate(1990)) == 1
    assert people.filter(full_name="An").update(**people.keyed(full_name="Bình", note="y")) == 1
    assert keys(people.get()) == keys_of("Bình")
    assert people.keyed(note="y") == {"note": "y"}


def test_no_key_comes_from_an_expression(people):
    with pytest.raises(StaleKey, match="expression"):
        people.keyed(full_name=Upper("full_name"))
    person = people.create(full_name="An")
    person.full_name = Upper("full_name")
    with pytest.raises(StaleKey, match="expression"):
        person.save()


def test_saving_the_name_alone_is_refused_and_saving_something_else_is_not(people):
    person = people.create(full_name="An")
    person.full_name = "Bình"

    with pytest.raises(StaleKey):
        person.save(update_fields=["full_name"])
    person.save(update_fields=["note"])
    assert people.get().full_name == "An"
    person.save(update_fields=["full_name", "search_key", "sort_key", "same_name_key"])
    assert keys(people.get()) == keys_of("Bình")


def test_a_key_longer_than_its_column_is_cut():
    person = Somebody(full_name="ﷺ" * 40 + "ab" * 300)

    for field in fields.key_fields(Somebody):
        assert len(field.pre_save(person, add=True)) <= 255


def test_system_checks_find_a_wrong_source_and_a_manager_that_forgets():
    assert [error.id for error in Careless._meta.get_field("search_key").check()] == ["vuthu.E101", "vuthu.E102"]
    assert Somebody.check(databases=[]) == []


@pytest.mark.parametrize("field", Somebody._meta.get_fields()[1:], ids=lambda field: field.name)
def test_fields_survive_a_migration(field):
    _, path, args, kwargs = field.deconstruct()
    again = field.clone()

    assert again.deconstruct()[1:] == (path, args, kwargs)
    assert getattr(again, "source", None) == getattr(field, "source", None)
    assert again.editable == field.editable
    assert path == f"vuthu_recruit.fields.{type(field).__name__}"
    assert MigrationWriter.serialize(field)[1] == {"import vuthu_recruit.fields"}


# In the database


def test_the_database_orders_by_sort_key_as_icu_does(people):
    with (Path(__file__).parent / "names_icu.csv").open(encoding="utf-8", newline="") as file:
        ranks = {row["name"]: int(row["rank"]) for row in csv.DictReader(file)}
    people.bulk_create(Somebody(full_name=name) for name in ranks)

    ordered = [ranks[name] for name in people.order_by("sort_key").values_list("full_name", flat=True)]

    assert ordered == sorted(ordered)


@pytest.mark.parametrize("query", ["đào", "dao", "an", "thị hoà", nfd("Thị Hòa"), "100%", "_", ""])
def test_exactness_in_the_database_agrees_with_python(people, query):
    names = ["Lê Đào", "Lê Đạo", "Đào An", "Lê Đàon", "Lan", "Lân", "Lê Thị Hòa", "Lê Thi Hóa An", "Thị Hoàn", "A 100%"]
    people.bulk_create(Somebody(full_name=name) for name in names)

    rows = people.annotate(rank=fields.exactness(query)).values_list("full_name", "rank")

    assert dict(rows) == {name: vietnamese.exactness(query, name) for name in names}


# Formats of the locale


@pytest.mark.parametrize("text", ["2/1/1990", "02/01/1990", "2-1-1990", "2.1.1990", "1990-01-02"])
def test_djangos_own_date_field_reads_the_day_first(text):
    assert forms.DateField().clean(text) == date(1990, 1, 2)


@pytest.mark.parametrize("text", ["31/02/1990", "1/2/90", "2011990", "12/31/1999"])
def test_djangos_own_date_field_refuses_what_it_would_have_to_guess(text):
    with pytest.raises(ValidationError):
        forms.DateField().clean(text)


def test_days_and_numbers_are_printed_the_vietnamese_way():
    moment = datetime(1990, 1, 2, 13, 5)  # noqa: DTZ001

    assert formats.date_format(moment, "SHORT_DATE_FORMAT") == formats.date_format(moment) == "02/01/1990"
    assert formats.date_format(moment, "DATETIME_FORMAT") == "13:05 02/01/1990"
    assert formats.number_format(Decimal("1234567.5"), use_l10n=True, force_grouping=True) == "1.234.567,5"
    assert formats.get_format("FIRST_DAY_OF_WEEK") == 1
