"""Signing in and out, without a namespace: Django and its decorators know these names."""

urlpatterns = []
