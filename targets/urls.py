"""Addresses of targets: paths in Vietnamese without diacritics, names in English."""

from django.urls import path

from targets import views

app_name = "targets"

urlpatterns = [
    path("chi-tieu/", views.index, name="index"),
    path("chi-tieu/xuat/", views.export, name="export"),
    path("chi-tieu/ke-hoach/", views.plan, name="plan"),
    path("chi-tieu/so-du/", views.opening, name="opening"),
    path("chi-tieu/so-du/xuat/", views.opening_export, name="opening_export"),
    path("chi-tieu/so-du/them/", views.opening_add, name="opening_add"),
    path("chi-tieu/so-du/<int:pk>/", views.opening_edit, name="opening_edit"),
    path("chi-tieu/<slug:slug>/", views.unit, name="unit"),
    path("chi-tieu/<slug:slug>/dieu-chinh/", views.revise, name="revise"),
]
