"""Addresses of targets: paths in Vietnamese without diacritics, names in English."""

app_name = "targets"

urlpatterns = []
