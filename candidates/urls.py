"""Addresses of candidates: paths in Vietnamese without diacritics, names in English."""

from django.urls import path, register_converter

from candidates.converters import StepConverter
from candidates.views import people, steps

app_name = "candidates"

register_converter(StepConverter, "step")

urlpatterns = [
    path("quan-chung/", people.index, name="index"),
    path("quan-chung/xuat/", people.export, name="export"),
    path("quan-chung/tim-so-dinh-danh/", people.find_number, name="find_number"),
    path("quan-chung/<int:pk>/", people.detail, name="detail"),
    path("quan-chung/<int:pk>/buoc/<step:step>/", steps.step, name="step"),
    path("quan-chung/<int:pk>/sua-buoc/", steps.correct, name="correct"),
    path("quan-chung/<int:pk>/rut-buoc/", steps.withdraw, name="withdraw"),
    path("quan-chung/<int:pk>/chuyen-don-vi/", steps.move, name="move"),
]
