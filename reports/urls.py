"""Addresses of reports: paths in Vietnamese without diacritics, names in English."""

app_name = "reports"

urlpatterns = []
