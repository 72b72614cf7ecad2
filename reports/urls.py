"""Addresses of reports: paths in Vietnamese without diacritics, names in English."""

from django.urls import path

from reports.views import class_sheets, dashboard, documents, reports, rows, training

app_name = "reports"

urlpatterns = [
    path("bao-cao/", reports.index, name="index"),
    path("bao-cao/bieu-tien-do/", reports.standing_committee, name="standing_committee"),
    path("bao-cao/bieu-tien-do/xuat/", reports.standing_committee_xlsx, name="standing_committee_xlsx"),
    path("bao-cao/the-thuc/<slug:slug>/", reports.letterhead, name="letterhead"),
    path("bao-cao/quyet-dinh/<int:pk>/", documents.decision_word, name="decision_word"),
    path("bao-cao/thong-bao-tham-dinh/<int:pk>/", documents.return_note, name="return_note"),
    path("bao-cao/thong-bao-tham-dinh/<int:pk>/word/", documents.return_note_word, name="return_note_word"),
    path("bao-cao/danh-sach-ky-hop/<int:pk>/", documents.session_list, name="session_list"),
    path("bao-cao/danh-sach-ky-hop/<int:pk>/word/", documents.session_list_word, name="session_list_word"),
    path("bao-cao/danh-sach-ky-hop/<int:pk>/excel/", documents.session_list_xlsx, name="session_list_xlsx"),
    path("bao-cao/lop-hoc/", training.training, name="training"),
    path("bao-cao/lop-hoc/xuat/", training.training_xlsx, name="training_xlsx"),
    path("bao-cao/lop-hoc/danh-sach/", training.training_rows, name="training_rows"),
    path("bao-cao/lop-hoc/danh-sach/xuat/", training.training_rows_xlsx, name="training_rows_xlsx"),
    path("bao-cao/nguon-chua-ket-nap/", training.graduates, name="graduates"),
    path("bao-cao/nguon-chua-ket-nap/xuat/", training.graduates_xlsx, name="graduates_xlsx"),
    path("bao-cao/lop-hoc/<int:class_pk>/<slug:sheet>/", class_sheets.class_sheet, name="class_sheet"),
    path("bao-cao/lop-hoc/<int:class_pk>/<slug:sheet>/xuat/", class_sheets.class_sheet_xlsx, name="class_sheet_xlsx"),
    path("tong-quan/", dashboard.dashboard, name="dashboard"),
    path("tong-quan/<slug:figure>/", rows.rows, name="rows"),
    path("tong-quan/<slug:figure>/xuat/", rows.rows_xlsx, name="rows_xlsx"),
]
