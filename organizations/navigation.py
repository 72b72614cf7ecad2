"""The menu: what this user may open."""


def site(request):
    return {}
