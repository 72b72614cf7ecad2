"""Tags and filters behind templates/_components/. Text, numbers and forms; no domain. Builtin: no {% load %}."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django import template
from django.contrib.messages import constants
from django.forms import BaseForm, BoundField, CheckboxInput, Field, FileInput, RadioSelect, Select
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html

from vuthu_recruit.vietnamese import lower_first

register = template.Library()

NO_NUMBER = "–"
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
KEYS = {
    "result": "Kết quả",
    "band": "Khung tối thiểu–tối đa",
    "mark": "Mốc đến hôm nay",
    "opening": "Số dư đầu kỳ",
    "forecast": "Dự báo",
    "none": "Chưa nhập",
}


# Numbers and days


def _decimal(value) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(str(value))


def _vietnamese(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))


@register.filter
def vn_number(value) -> str:
    """1284 -> 1.284; 23.5 -> 23,5; nothing -> –. Anything that is no number stays as it is."""
    if value is None or value == "":
        return NO_NUMBER
    if isinstance(value, int):
        return _vietnamese(f"{value:,}")
    if isinstance(value, float | Decimal):
        text = f"{_decimal(value):,f}"
        return _vietnamese(text.rstrip("0").rstrip(".") if "." in text else text)
    return str(value)


@register.filter
def percent1(ratio) -> str:
    """A ratio as a percentage with one decimal, half up as in Excel: 0.6235 -> 62,4%; nothing -> –."""
    if ratio is None or ratio == "":
        return NO_NUMBER
    percentage = (_decimal(ratio) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return _vietnamese(f"{percentage:,f}") + "%"


def _parts_of_day(value) -> list[int]:
    """Year, month, day, as far as they are known."""
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    if isinstance(value, str):
        pieces = value.split("-")
        if not all(piece.isascii() and piece.isdigit() for piece in pieces) or len(pieces[0]) != 4 or len(pieces) > 3:
            return []
        return [int(piece) for piece in pieces]
    known = []
    for name in ("year", "month", "day"):
        part = getattr(value, name, None)
        if not part:
            break
        known.append(part)
    return known


register.filter(lower_first)


@register.filter(name="day")
def day_words(value) -> str:
    """dd/mm/yyyy of a date, a moment, a partial date or its text ("1990-05" -> 05/1990); nothing -> ""."""
    if not value:
        return ""
    parts = _parts_of_day(value)
    if not parts:
        return str(value)
    return "/".join(f"{part:02d}" for part in reversed(parts))


@register.filter
def weekday(value: date) -> str:
    """Thứ … of a full date, to stand before it."""
    return WEEKDAYS[value.weekday()] if value else ""


@register.simple_tag(name="day")
def day_element(value) -> str:
    """The same day as a <time> element, digits of one width."""
    if not value:
        return ""
    parts = _parts_of_day(value)
    if not parts:
        return str(value)
    machine = "-".join(f"{part:02d}" for part in parts)
    return format_html('<time datetime="{}">{}</time>', machine, day_words(value))


@register.simple_tag
def moment(value: datetime | None) -> str:
    """Day and clock of a moment, local time."""
    if not value:
        return ""
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}">{} {}</time>', local.isoformat(timespec="minutes"), day_words(local), f"{local:%H:%M}"
    )


# The address of this page with other parameters


def _query(context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if request else QueryDict(mutable=True)


@register.simple_tag(takes_context=True)
def query_with(context, **changes) -> str:
    """The current query string with changes: None removes, a list sets several values."""
    query = _query(context)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        elif isinstance(value, list | tuple):
            query.setlist(name, value)
        else:
            query[name] = value
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_without(context, name: str, value=None) -> str:
    """The current query string without this one value of a name (without a value: without the name), from page 1."""
    query = _query(context)
    kept = [other for other in query.getlist(name) if value is not None and other != str(value)]
    query.pop(name, None)
    query.pop("page", None)
    if kept:
        query.setlist(name, kept)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_clear(context, chips) -> str:
    """The current query string without any of the chips; search and sort stay."""
    query = _query(context)
    for chip in chips:
        query.pop(chip["name"] if isinstance(chip, dict) else chip.name, None)
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.inclusion_tag("_components/sort_header.html", takes_context=True)
def sort_header(context, name: str, label: str, default: str = "", kind: str = "") -> dict:
    """A head cell that sorts by ?sort=name, then ?sort=-name. default: the order of the list without ?sort."""
    request = context.get("request")
    current = (request.GET.get("sort") if request else "") or default
    direction = {name: "ascending", f"-{name}": "descending"}.get(current, "")
    return {
        "request": request,
        "label": label,
        "kind": kind,
        "direction": direction,
        "next": f"-{name}" if direction == "ascending" else name,
    }


@register.filter
def page_numbers(page) -> list:
    """The page numbers of a pager, with an ellipsis for those left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


# Words with a shape


@register.simple_tag
def icon(name: str) -> str:
    """An icon of _layout/sprite.html. It always stands beside a word."""
    return format_html(
        '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>', name
    )


# badge and status are made here, not in a file: a template ends with a line break, which would show before a comma.


@register.simple_tag
def badge(word: str, kind: str = "", shape: str = "") -> str:
    """A stage or state in a box. kind: doing, done, soon, late, stopped, forecast or nothing; shape: an icon."""
    css = f"badge badge--{kind}" if kind else "badge"
    return format_html('<span class="{}">{}{}</span>', css, icon(shape) if shape else "", word)


@register.simple_tag
def status(word: str, kind: str = "idle", shape: str = "") -> str:
    """The same without a box, for tables. kind: done, doing, soon, late, idle; shape: an icon."""
    return format_html('<span class="status status--{}">{}{}</span>', kind, icon(shape) if shape else "", word)


@register.inclusion_tag("_components/deadline.html")
def deadline(words: str, on: date | None = None, late: bool = False, note: str = "") -> dict:
    """Words first, the date below. Without words: no deadline."""
    return {"words": words, "on": on, "late": late, "note": note}


@register.inclusion_tag("_components/change.html")
def change(old, new, inline: bool = False) -> dict:
    """The old value over the new one (inline: before it)."""
    return {"old": old, "new": new, "inline": inline}


@register.inclusion_tag("_components/steps.html")
def steps(current: int, *names: str) -> dict:
    """Where we are in a task of several pages; current counts from 1."""
    return {"current": current, "names": names}


@register.filter
def notice_kind(messages) -> str:
    """How the one notice of a page looks: as its most serious message."""
    level = max((message.level for message in messages), default=constants.INFO)
    if level >= constants.WARNING:
        return ""
    return "done" if level >= constants.SUCCESS else "info"


# Forms


def _forms_in(value) -> Iterator[BaseForm]:
    # type(), not isinstance(): a lazy value of the context must not wake up for a look at its class.
    if issubclass(type(value), BaseForm):
        yield value
    elif issubclass(type(value), BaseFormSet):
        yield from value.forms


def _has_errors(value) -> bool:
    if issubclass(type(value), BaseFormSet) and value.is_bound and value.non_form_errors():
        return True
    return any(form.is_bound and form.errors for form in _forms_in(value))


@register.simple_tag(takes_context=True)
def title_prefix(context) -> str:
    """ "Lỗi: " when any form or formset of the page has errors."""
    return "Lỗi: " if any(_has_errors(value) for value in context.flatten().values()) else ""


def _verb(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, CheckboxInput):
        return "đánh dấu"
    return "chọn" if isinstance(widget, Select | RadioSelect | FileInput) else "nhập"


def _sentences(bound: BoundField) -> list[str]:
    """The errors of a field. Django's bare "required" becomes a sentence that names the field."""
    sentences = []
    for error in bound.errors.as_data():
        if error.code == "required" and error.message == Field.default_error_messages["required"]:
            sentences.append(f"Chưa {_verb(bound)} “{bound.label}”.")
        else:
            sentences.extend(error.messages)
    return sentences


def _target_id(bound: BoundField) -> str:
    """The id of the first control of a field, for a link."""
    if bound.is_hidden or not bound.auto_id:
        return ""
    return bound.id_for_label or f"{bound.auto_id}_0"


def _errors_of(value) -> Iterator[dict]:
    if issubclass(type(value), BaseFormSet) and value.is_bound:
        for text in value.non_form_errors():
            yield {"text": text, "target": ""}
    for form in _forms_in(value):
        if not form.is_bound:
            continue
        for text in form.non_field_errors():
            yield {"text": text, "target": ""}
        for bound in form:
            for text in _sentences(bound):
                yield {"text": text, "target": _target_id(bound)}


@register.inclusion_tag("_components/error_summary.html", takes_context=True)
def error_summary(context, *forms) -> dict:
    """All errors of some forms and formsets, each linked to its field. A form's errors are shown once a page."""
    shown = context.render_context.dicts[0].setdefault("_summarised", [])
    fresh = [form for form in forms if not any(form is other for other in shown)]
    errors = [error for form in fresh for error in _errors_of(form)]
    if errors:
        shown.extend(fresh)
    return {"errors": errors, "heading_id": f"h-loi-{len(shown)}"}


@register.inclusion_tag("_components/field.html")
def field(bound: BoundField, kind: str = "") -> dict:
    """Label, hint, error and control of a field. kind: short, grow or date."""
    if not isinstance(bound, BoundField):
        raise ValueError("{% field %} needs a field of a form; this name is none.")
    widget = bound.field.widget
    asks_something = any(other.required for other in bound.form.fields.values())
    is_checkbox = isinstance(widget, CheckboxInput)
    return {
        "field": bound,
        "kind": kind,
        "is_hidden": bound.is_hidden,
        "is_checkbox": is_checkbox,
        "is_choices": isinstance(widget, RadioSelect),
        "is_group": bound.use_fieldset,
        "is_optional": asks_something
        and not (bound.field.required or is_checkbox or bound.field.disabled)
        and getattr(bound.field, "says_optional", True),
        "errors": _sentences(bound),
    }


# Charts: every length is text here, so that no number is localised inside an SVG


def _length(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _within(value, low: float, high: float) -> float:
    return min(max(float(value), low), high)


BAR = 132  # the inside of a unit bar: 22 px a person on the scale 0–6


@register.inclusion_tag("_components/bullet_bar.html")
def bullet_bar(value=None, min=None, max=None, expected=None, opening=0, scale=6) -> dict:
    """The bar of a unit, 136×20. value: all people, opening among them; None: nothing entered. min None: no target."""

    def x(people) -> float:
        return 2 + _within(float(people) * BAR / scale, 0, BAR)

    bar = {"has_target": min is not None, "is_entered": value is not None}
    if min is not None:
        start = _within(x(min), 2, BAR)
        end = x(max if max is not None else min)
        bar |= {"band_x": _length(start), "band_width": _length(_within(end - start, 2, BAR))}
    if expected is not None and min is not None:
        bar["mark_x"] = _length(_within(x(expected) - 1, 1, BAR + 1))
    if value is not None:
        carried = _within(opening or 0, 0, float(value))
        bar["result_x"] = _length(x(carried))
        bar["result_width"] = _length(x(value) - x(carried)) if carried else _length(_within(x(value) - 2, 2, BAR))
        bar["opening_width"] = _length(x(carried) - 2) if carried else ""
    return bar


@register.inclusion_tag("_components/wide_bar.html")
def wide_bar(
    scale, parts=None, opening=0, value=None, min=None, max=None, mark=None, low=None, high=None, mid=None
) -> dict:
    """A bar over the width of a card. Give parts (and opening), or value with min and max, or low, high and mid."""

    def x(amount) -> float:
        return _within(float(amount) * 1000 / float(scale), 0, 1000) if scale else 0

    bar = {"segments": [], "gaps": ""}
    reached = 0
    amounts = ([("opening", opening)] if opening else []) + [("result", part) for part in parts or []]
    for kind, amount in amounts:
        start, reached = reached, reached + amount
        second = kind == "result" and len([s for s in bar["segments"] if s["kind"] == "result"]) % 2 == 1
        width = _length(x(reached) - x(start))
        bar["segments"].append({"kind": kind, "second": second, "x": _length(x(start)), "width": width})
    bar["gaps"] = "".join(f"M{segment['x']} 4v22" for segment in bar["segments"][1:])
    if min is not None:
        end = x(max if max is not None else min)
        bar |= {"band_x": _length(x(min)), "band_width": _length(_within(end - x(min), 3, 1000))}
    if value is not None:
        bar["result_width"] = _length(_within(x(value), 3, 1000))
    if low is not None and high is not None:
        bar |= {"forecast_x": _length(x(low)), "forecast_width": _length(_within(x(high) - x(low), 3, 1000))}
    if mid is not None:
        bar["mid_x"] = _length(x(mid))
    if mark is not None:
        bar["mark_x"] = _length(_within(x(mark) - 1.5, 0, 997))
    return bar


@register.inclusion_tag("_components/funnel_bar.html")
def funnel_bar(value, largest) -> dict:
    """One row of a funnel; largest is the value of the longest row."""
    width = _within(float(value or 0) * 1000 / float(largest), 0, 1000) if largest else 0
    return {"width": _length(_within(width, 3, 1000)) if value else "0"}


@register.inclusion_tag("_components/axis.html")
def axis(scale, intervals: int = 5) -> dict:
    """The numbers under a wide bar."""
    marks = [vn_number(_number(_decimal(scale) * step / intervals)) for step in range(intervals + 1)]
    return {"marks": marks[:-2], "before_last": marks[-2], "last": marks[-1]}


def _number(value: Decimal) -> int | Decimal:
    return int(value) if value == int(value) else value.quantize(Decimal("0.1"), ROUND_HALF_UP)


@register.inclusion_tag("_components/swatch.html")
def swatch(kind: str) -> dict:
    """The key of a chart colour: result, result-2, band, mark, opening, forecast, none. A word stands beside it."""
    return {"kind": kind}


@register.inclusion_tag("_components/legend.html")
def legend(kinds: str, **words) -> dict:
    """{% legend "result band mark" mark="Mốc đến 15/08/2024" %}"""
    return {"keys": [{"kind": kind, "word": words.get(kind) or KEYS[kind]} for kind in kinds.split()]}
