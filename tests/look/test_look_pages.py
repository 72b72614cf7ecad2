"""The frame of a page: sign-in, title, menu, notices."""

from types import SimpleNamespace as Item

import pytest
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory

from vuthu_recruit import gallery


def frame(**context):
    return render_to_string("base.html", context)


def test_sign_in_asks_for_name_and_password_and_keeps_where_to_go():
    page = render_to_string("registration/login.html", {"form": AuthenticationForm(), "next": "/lop-hoc/"})

    assert "<title>Đăng nhập – Kết nạp đảng viên</title>" in page
    assert 'name="username"' in page
    assert 'name="password"' in page
    assert '<input type="hidden" name="next" value="/lop-hoc/">' in page
    assert 'data-show-password="id_password"' in page


def test_a_failed_sign_in_says_so_before_anything_else():
    page = render_to_string("registration/login.html", {"form": AuthenticationForm(data={})})

    assert "<title>Lỗi: Đăng nhập" in page
    assert page.index("Có lỗi cần sửa") < page.index("<h1")


def test_the_menu_marks_where_we_are_and_counts():
    page = frame(navigation=gallery.navigation())

    assert '<a href="#viec" aria-current="page">Việc hôm nay' in page
    assert '<span class="count">1.284</span>' in page
    assert page.count('class="count"') == 2


def test_a_signed_in_person_sees_name_role_and_a_way_out_by_post():
    page = frame(user=Item(is_authenticated=True, full_name="Vũ <b>"), role_line="Ban Tổ chức Huyện ủy")

    assert "Vũ &lt;b&gt;" in page
    assert "Ban Tổ chức Huyện ủy" in page
    assert '<form method="post" action="' in page


def test_who_may_not_search_has_no_search():
    person = Item(is_authenticated=True, full_name="A")

    assert 'role="search"' in frame(user=person)
    assert 'role="search"' not in frame(user=person, site={"search": False})
    assert 'role="search"' not in frame()


def test_several_messages_are_one_notice_that_looks_as_the_most_serious():
    saved = Message(constants.SUCCESS, "Đã lưu <hồ sơ>.")
    warned = Message(constants.WARNING, "Còn thiếu giấy tờ.")

    assert 'class="notice notice--done" role="status"' in frame(messages=[saved])
    assert "&lt;hồ sơ&gt;" in frame(messages=[saved])
    both = frame(messages=[saved, warned])
    assert both.count('class="notice') == 1
    assert 'class="notice" role="alert"' in both


def test_sample_data_is_marked_and_only_sample_data():
    assert "Dữ liệu mẫu" in frame(demo=True)
    assert "Dữ liệu mẫu" not in frame(demo=False)


def test_help_opens_signed_in_and_signed_out():
    assert "Gõ ngày" in render_to_string("help.html", {})
    assert "0227" in render_to_string("help.html", {"site": {"help_contact": "Gọi 0227"}})
    assert 'class="side"' in render_to_string("help.html", {"user": Item(is_authenticated=True, full_name="A")})


def test_the_gallery_shows_every_component(settings, monkeypatch):
    settings.DEBUG = True
    monkeypatch.setattr(gallery, "render", lambda request, name, context: (name, context | {"csrf_token": "token"}))

    page = render_to_string(*gallery.gallery(RequestFactory().get("/")))

    for css in ("tally", "chips", "pager", "card gate", "timeline", "facts", "quick", "steps", "next-step", "legend"):
        assert f'class="{css}"' in page


def test_the_gallery_exists_only_with_debug(settings):
    settings.DEBUG = False

    with pytest.raises(Http404):
        gallery.gallery(RequestFactory().get("/"))
