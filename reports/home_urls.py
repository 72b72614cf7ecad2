"""The first page, Việc hôm nay, and help: names without a namespace."""

urlpatterns = []
