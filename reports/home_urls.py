"""The first page, Việc hôm nay, and help: names without a namespace."""

from django.urls import path

from reports.views import home

urlpatterns = [
    path("", home.home, name="home"),
    path("tro-giup/", home.help_page, name="help"),
]
