"""Addresses of candidates: paths in Vietnamese without diacritics, names in English."""

from django.urls import path, register_converter

from candidates.converters import StepConverter
from candidates.views import deadlines, former, introductions, people, records, review, rules, steps, training

app_name = "candidates"

register_converter(StepConverter, "step")

urlpatterns = [
    path("quan-chung/them/", records.create, name="create"),
    path("quan-chung/cho-tiep-nhan/", introductions.waiting, name="waiting"),
    path("quan-chung/doi-chieu/", review.index, name="review"),
    path("quan-chung/doi-chieu/<int:case_pk>/", review.review_case, name="review_case"),
    path("quan-chung/<int:pk>/sua/", records.edit, name="edit"),
    path("quan-chung/<int:pk>/gioi-thieu-giup-do/", records.companions, name="companions"),
    path("quan-chung/<int:pk>/ket-nap-lai/", former.readmit, name="readmit"),
    path("quan-chung/<int:pk>/tung-la-dang-vien/", former.former, name="former"),
    path("quan-chung/<int:pk>/tiep-nhan/", introductions.accept, name="accept"),
    path("gioi-thieu/", introductions.index, name="introductions"),
    path("gioi-thieu/them/", introductions.create, name="introduce"),
    path("lop-hoc/", training.index, name="classes"),
    path("lop-hoc/them/", training.create, name="class_create"),
    path("lop-hoc/<int:class_pk>/", training.detail, name="class_detail"),
    path("lop-hoc/<int:class_pk>/ghi-danh/", training.enrol, name="enrol"),
    path("lop-hoc/<int:class_pk>/ket-qua/", training.results, name="results"),
    path("thoi-han/", deadlines.index, name="deadlines"),
    path("thoi-han/xuat/", deadlines.export, name="deadlines_export"),
    path("bo-quy-dinh/", rules.rule_sets, name="rule_sets"),
    path("bo-quy-dinh/<slug:regime>/", rules.rule_set, name="rule_set"),
    path("bo-quy-dinh/<slug:regime>/sua/", rules.revise, name="rule_set_edit"),
    path("lich-lam-viec/", rules.calendar, name="calendar"),
    path("lich-lam-viec/them/", rules.calendar_add, name="calendar_add"),
    path("lich-lam-viec/<int:year>/sua/", rules.calendar_edit, name="calendar_edit"),
    path("quan-chung/", people.index, name="index"),
    path("quan-chung/xuat/", people.export, name="export"),
    path("quan-chung/tim-so-dinh-danh/", people.find_number, name="find_number"),
    path("quan-chung/<int:pk>/", people.detail, name="detail"),
    path("quan-chung/<int:pk>/buoc/<step:step>/", steps.step, name="step"),
    path("quan-chung/<int:pk>/sua-buoc/", steps.correct, name="correct"),
    path("quan-chung/<int:pk>/rut-buoc/", steps.withdraw, name="withdraw"),
    path("quan-chung/<int:pk>/chuyen-don-vi/", steps.move, name="move"),
]
