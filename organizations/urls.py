"""Addresses of organizations: paths in Vietnamese without diacritics, names in English."""

app_name = "organizations"

urlpatterns = []
