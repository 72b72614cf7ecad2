"""Signing in and out, without a namespace: Django and its decorators know these names."""

from django.urls import path

from organizations.views import signin

urlpatterns = [
    path("dang-nhap/", signin.login, name="login"),
    path("dang-xuat/", signin.logout, name="logout"),
    path("doi-mat-khau/", signin.password_change, name="password_change"),
]
