"""Addresses of organizations: paths in Vietnamese without diacritics, names in English."""

from django.urls import path

from organizations.views import (
    accounts,
    assignments,
    changes,
    exports,
    import_history,
    imports,
    proposals,
    sessions,
    units,
)

app_name = "organizations"

urlpatterns = [
    path("don-vi/", units.index, name="index"),
    path("don-vi/xuat/", units.export, name="export"),
    path("don-vi/them/", units.create, name="create"),
    path("don-vi/<slug:slug>/", units.detail, name="detail"),
    path("don-vi/<slug:slug>/chi-bo/", units.add_branches, name="add_branches"),
    path("don-vi/<slug:slug>/doi-ten/", units.rename, name="rename"),
    path("don-vi/<slug:slug>/so-lieu/", units.record_figure, name="record_figure"),
    path("nhap-du-lieu/", import_history.index, name="imports"),
    path("nhap-du-lieu/xuat/", import_history.export, name="imports_export"),
    path("nhap-du-lieu/moi/<slug:importer>/", imports.new, name="import_new"),
    path("nhap-du-lieu/mau/<slug:importer>/", imports.blank, name="import_blank"),
    path("nhap-du-lieu/<int:import_pk>/", imports.detail, name="import_detail"),
    path("nhap-du-lieu/<int:import_pk>/cot/", imports.columns, name="import_columns"),
    path("nhap-du-lieu/<int:import_pk>/danh-dau/", imports.marked, name="import_marked"),
    path("nhap-du-lieu/<int:import_pk>/bo/", imports.drop, name="import_drop"),
    path("nhap-du-lieu/<int:import_pk>/hoan-tac/", imports.undo, name="import_undo"),
    path("thay-doi/", changes.changes, name="changes"),
    path("thay-doi/xuat/", changes.export, name="changes_export"),
    path("xuat-du-lieu/", exports.exports, name="exports"),
    path("xuat-du-lieu/xuat/", exports.export_log, name="exports_export"),
    path("tai-khoan/", accounts.index, name="accounts"),
    path("tai-khoan/xuat/", accounts.export, name="accounts_export"),
    path("tai-khoan/them/", accounts.create, name="account_create"),
    path("tai-khoan/<int:pk>/", accounts.detail, name="account"),
    path("tai-khoan/<int:pk>/sua/", accounts.edit, name="account_edit"),
    path("tai-khoan/<int:pk>/trang-thai/", accounts.set_active, name="set_active"),
    path("tai-khoan/<int:pk>/mat-khau/", accounts.reset_password, name="reset_password"),
    path("tai-khoan/<int:pk>/giao-vai-tro/", assignments.assign, name="assign"),
    path("tai-khoan/phan-cong/<int:pk>/thoi-giu/", assignments.end, name="end_assignment"),
    path("viec-cho-xac-nhan/", proposals.index, name="proposals"),
    path("viec-cho-xac-nhan/xuat/", proposals.export, name="proposals_export"),
    path("viec-cho-xac-nhan/<int:pk>/", proposals.detail, name="proposal"),
    path("phien-dang-nhap/", sessions.index, name="sessions"),
    path("phien-dang-nhap/ket-thuc/", sessions.end, name="end_session"),
]
