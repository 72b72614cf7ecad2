"""Addresses of candidates: paths in Vietnamese without diacritics, names in English."""

app_name = "candidates"

urlpatterns = []
