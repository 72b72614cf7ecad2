"""The tags of the components, through small templates."""

import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory


def render(source: str, **context) -> str:
    return Template(source).render(Context(context))


def at(query: str):
    return RequestFactory().get(f"/?{query}")


def numbers(svg: str, css: str) -> dict:
    """x and width of the rect with this class."""
    rect = re.search(rf'<rect class="{css}" x="([\d.]+)" y="\d+" width="([\d.]+)"', svg)
    return {"x": float(rect[1]), "width": float(rect[2])} if rect else {}


class PersonForm(forms.Form):
    name = forms.CharField(label="Họ và tên", help_text="Như trong giấy khai sinh")
    job = forms.CharField(label="Nghề nghiệp", required=False)
    branch = forms.ChoiceField(label="Chi bộ", choices=[("", "–"), ("1", "Thôn <1>")])
    vote = forms.ChoiceField(label="Biểu quyết", choices=[("a", "Kín"), ("b", "Giơ tay")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Đã kiểm tra")
    version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Mở lại trang."})

    def clean(self):
        raise forms.ValidationError("Hai ngày trái nhau <b>.")


class FilterForm(forms.Form):
    q = forms.CharField(label="Tìm", required=False)


# Words with a shape


def test_a_badge_is_word_shape_and_colour():
    html = render('{% badge "Bị trả lại" "soon" "returned" %}')

    assert html.startswith('<span class="badge badge--soon"><svg class="icon"')
    assert html.endswith("Bị trả lại</span>")
    assert "#i-returned" in html


@pytest.mark.parametrize("tag", ["badge", "status", "deadline", "change word"])
def test_words_are_escaped(tag):
    html = render(f"{{% {tag} word %}}", word="<script>")

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_without_words_there_is_no_deadline():
    assert "Không có hạn" in render("{% deadline words %}", words="")


# The address


def test_a_query_keeps_the_other_parameters_and_all_their_values():
    html = render("{% query_with page=2 %}", request=at("stage=a&stage=b&q=Đào&page=1"))

    assert html == "?stage=a&amp;stage=b&amp;q=%C4%90%C3%A0o&amp;page=2"


def test_none_removes_a_parameter_and_a_list_sets_several():
    request = at("q=x&page=3&stage=a")

    assert render("{% query_with page=None stage=stages %}", request=request, stages=["b", "c"]) == (
        "?q=x&amp;stage=b&amp;stage=c"
    )


def test_a_chip_removes_one_value_and_returns_to_the_first_page():
    request = at("stage=a&stage=b&page=3")

    assert render('{% query_without "stage" "a" %}', request=request) == "?stage=b"
    assert render('{% query_without "stage" %}', request=request) == "?"


def test_clearing_the_filters_leaves_search_and_sort_alone():
    chips = [{"name": "stage", "value": "a", "label": "A"}]
    request = at("q=x&sort=name&stage=a&page=3")

    assert render("{% query_clear chips %}", request=request, chips=chips) == "?q=x&amp;sort=name"


@pytest.mark.parametrize(
    "query, direction, link",
    [("", "ascending", "-name"), ("sort=name", "ascending", "-name"), ("sort=-name", "descending", "name")],
)
def test_a_sorted_column_says_so_and_turns_round(query, direction, link):
    html = render('{% sort_header "name" "Họ và tên" default="name" %}', request=at(query))

    assert f'aria-sort="{direction}"' in html
    assert f'href="?sort={link}"' in html


def test_another_column_is_not_sorted():
    html = render('{% sort_header "due" "Hạn" default="name" %}', request=at("q=x&page=9"))

    assert "aria-sort" not in html
    assert 'href="?q=x&amp;sort=due"' in html


def test_the_pager_counts_in_words_and_keeps_the_filter():
    page = Paginator(range(1284), 10).page(2)
    html = render('{% include "_layout/pager.html" with noun="người" %}', page_obj=page, request=at("stage=a&page=2"))

    assert "11–20 trong 1.284 người" in html
    assert 'href="?stage=a&amp;page=3"' in html
    assert html.count("aria-current") == 1


def test_an_empty_list_has_no_pager():
    assert render('{% include "_layout/pager.html" %}', page_obj=Paginator([], 10).page(1)).strip() == ""


# Forms


def test_a_field_ties_label_hint_and_error_to_its_control():
    form = PersonForm({})
    html = render("{% field form.name %}", form=form)

    assert '<label class="field__label" for="id_name">Họ và tên</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert html.index("Chưa nhập “Họ và tên”.") < html.index("<input")


def test_only_optional_fields_are_marked_and_only_where_something_is_asked():
    assert "(không bắt buộc)" in render("{% field form.job %}", form=PersonForm())
    assert "(không bắt buộc)" not in render("{% field form.name %}", form=PersonForm())
    assert "(không bắt buộc)" not in render("{% field form.q %}", form=FilterForm())


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    html = render("{% field form.vote %}", form=PersonForm({}))

    assert "<fieldset" in html
    assert '<legend class="field__label">Biểu quyết</legend>' in html
    assert 'aria-describedby="id_vote_error"' in html
    assert html.count("<label ") == 2


def test_choices_are_escaped():
    assert "Thôn &lt;1&gt;" in render("{% field form.branch %}", form=PersonForm())


def test_a_checkbox_stands_before_its_label():
    html = render("{% field form.agreed %}", form=PersonForm())

    assert html.index("<input") < html.index("Đã kiểm tra")


def test_a_field_that_does_not_exist_is_loud():
    with pytest.raises(ValueError, match="needs a field"):
        render("{% field form.nmae %}", form=PersonForm())


def test_the_summary_lists_every_error_and_links_to_its_field():
    html = render("{% error_summary form %}", form=PersonForm({}))

    assert "Có lỗi cần sửa" in html
    assert 'role="alert" tabindex="-1"' in html
    assert "<li>Hai ngày trái nhau &lt;b&gt;.</li>" in html
    assert "<li>Mở lại trang.</li>" in html
    assert '<a href="#id_name">Chưa nhập “Họ và tên”.</a>' in html
    assert '<a href="#id_branch">Chưa chọn “Chi bộ”.</a>' in html
    assert '<a href="#id_vote_0">Chưa chọn “Biểu quyết”.</a>' in html
    assert '<a href="#id_agreed">Chưa đánh dấu “Đã kiểm tra”.</a>' in html


def test_the_targets_of_the_summary_exist():
    form = PersonForm({})
    summary = render("{% error_summary form %}", form=form)
    fields = render("{% for bound in form %}{% field bound %}{% endfor %}", form=form)

    for target in re.findall(r'href="#([^"]+)"', summary):
        assert f'id="{target}"' in fields


def test_a_form_is_summarised_once_a_page():
    html = render("{% error_summary form %}{% error_summary form %}", form=PersonForm({}))

    assert html.count("Có lỗi cần sửa") == 1


@pytest.mark.parametrize("form", [None, "", PersonForm(), FilterForm({})])
def test_without_errors_there_is_no_summary(form):
    assert render("{% error_summary form missing %}", form=form).strip() == ""


def test_a_formset_is_summarised_too():
    people = forms.formset_factory(FilterForm, min_num=2, validate_min=True)
    formset = people({"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"})

    assert "Có lỗi cần sửa" in render("{% error_summary form formset %}", formset=formset)


def test_the_title_of_a_page_with_errors_says_so_whatever_the_form_is_called():
    assert render("{% title_prefix %}", step_form=PersonForm({})) == "Lỗi: "
    assert render("{% title_prefix %}", step_form=PersonForm(), filters=FilterForm({})) == ""


# Charts


def test_a_unit_bar_has_22_pixels_a_person():
    svg = render("{% bullet_bar value=4 min=3 max=5 expected=1.869 %}")

    assert numbers(svg, "chart__band") == {"x": 68, "width": 44}
    assert numbers(svg, "chart__result") == {"x": 2, "width": 88}
    assert numbers(svg, "chart__mark") == {"x": 42.1, "width": 2}


def test_a_unit_bar_ends_where_the_scale_ends():
    svg = render("{% bullet_bar value=40 min=3 max=50 expected=20 %}")

    assert numbers(svg, "chart__result") == {"x": 2, "width": 132}
    assert numbers(svg, "chart__band") == {"x": 68, "width": 66}
    assert numbers(svg, "chart__mark")["x"] <= 133


def test_zero_nothing_entered_and_no_target_look_different():
    zero = render("{% bullet_bar value=0 min=3 max=5 %}")
    missing = render("{% bullet_bar value=None min=3 max=5 %}")
    no_target = render("{% bullet_bar value=None min=None max=None %}")

    assert "chart__track" in zero
    assert numbers(zero, "chart__result")["width"] == 2
    assert "chart__none" in missing
    assert "chart__band" in missing
    assert "chart__result" not in missing
    assert "<path" in no_target
    assert "chart__band" not in no_target


def test_the_opening_balance_is_part_of_the_bar():
    svg = render("{% bullet_bar value=3 min=3 max=5 opening=1 %}")

    assert numbers(svg, "chart__opening") == {"x": 2, "width": 22}
    assert numbers(svg, "chart__result") == {"x": 24, "width": 44}


def test_a_wide_bar_stacks_its_parts():
    svg = render("{% wide_bar 500 parts=parts opening=62 mark=413 %}", parts=[108, 121, 80])

    assert numbers(svg, "chart__opening") == {"x": 0, "width": 124}
    assert numbers(svg, "chart__result") == {"x": 124, "width": 216}
    assert numbers(svg, "chart__result chart__result--2") == {"x": 340, "width": 242}
    assert "M124 4v22M340 4v22M582 4v22" in svg
    assert numbers(svg, "chart__mark")["x"] == 824.5


def test_a_range_and_a_forecast_never_look_alike():
    ranged = render("{% wide_bar 240 value=80 min=138 max=222 %}")
    forecast = render("{% wide_bar 240 low=112 high=134 mid=123 %}")

    assert numbers(ranged, "chart__band") == {"x": 575, "width": 350}
    assert "chart__forecast" not in ranged
    assert numbers(forecast, "chart__forecast") == {"x": 466.7, "width": 91.7}
    assert "chart__result" not in forecast


def test_charts_survive_an_empty_scale():
    assert "<svg" in render("{% wide_bar 0 value=0 %}")
    assert 'width="0"' in render("{% funnel_bar 0 0 %}")


def test_an_axis_and_a_legend_stand_under_a_bar():
    assert re.findall(r"<span>(\d+)</span>", render("{% axis 240 4 %}")) == ["0", "60", "120", "180", "240"]
    assert "Mốc đến 15/08/2024" in render('{% legend "result mark" mark="Mốc đến 15/08/2024" %}')
