"""The canary crawl: no user meets a word of a unit they may not see, anywhere. And the crawl itself can fail."""

import pytest
from django.db.models import Q
from django.urls import reverse

from candidates.models import Candidate
from organizations import scope
from organizations.models import User
from organizations.permissions import Role
from tests import factories
from tests.journeys import tables
from tests.meta import crawl


@pytest.fixture
def site(db, today):
    return crawl.build()


@pytest.mark.parametrize("who", crawl.MAY_MEET)
def test_nobody_meets_a_foreign_canary(who, site):
    assert list(crawl.leaks(site, who)) == []


def test_everyone_meets_their_own(site):
    """Otherwise the crawl would pass on empty pages."""
    for who, key in (("north_officer", "north_1"), ("branch_officer", "north_1"), ("standing", "south")):
        client = crawl.client_for(getattr(site.world, who))
        assert crawl.CANARY[key] in crawl.text_of(client.get(reverse("candidates:index")))
        assert crawl.CANARY[key] in crawl.text_of(client.get(reverse("candidates:export")))


def everything(self, user, *, needs):
    return self.all()


def own_and_neighbours(user, needs):
    from organizations.models import Organization

    starts = Q()
    for path in scope.scope_of(user).paths(needs):
        starts |= Q(path__startswith=path[:-3])  # the closing slash forgotten, and more
    return Organization.objects.filter(starts).values("pk")


def any_right(user, needs):
    from organizations.models import Organization

    paths = {assignment.organization.path for assignment in scope.scope_of(user).assignments}
    return Organization.objects.filter(scope._under(paths)).values("pk")


def no_scope_in_getter(rows, user, *, view, needs=None, **lookup):
    from django.shortcuts import get_object_or_404

    return get_object_or_404(rows.all(), **lookup)


FAULTS = {
    "visible_to shows everything": ("north_officer", scope.ScopedQuerySet, "visible_to", everything, ""),
    "the path is cut short": ("north_officer", scope, "units_where", own_and_neighbours, ""),
    "any right opens any row": ("center", scope, "units_where", any_right, "candidates:"),
    "one unit is fetched without scope": ("north_officer", None, "get_in_scope", no_scope_in_getter, "organizations:"),
    "a page forgets the right it needs": ("nobody", None, "units_where_all", None, ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_turns_the_crawl_red(fault, site, monkeypatch):
    who, owner, name, replacement, only = FAULTS[fault]
    if name == "get_in_scope":
        monkeypatch.setattr("organizations.views.units.get_in_scope", replacement)
    elif name == "units_where_all":
        from organizations.models import Organization

        monkeypatch.setattr(scope, "units_where", lambda user, needs: Organization.objects.values("pk"))
        monkeypatch.setattr(scope, "require", lambda user, *needs: None)
    else:
        monkeypatch.setattr(owner, name, replacement)

    assert next(crawl.leaks(site, who, only=only), None) is not None


def test_reading_in_one_unit_and_writing_in_another_gives_no_write_in_the_first(site):
    """{read A, write B}: every write in A is refused and changes nothing."""
    user = factories.make_user("hai-vai")
    factories.assign(user, Role.SUPERVISOR, site.world.south)
    factories.assign(user, Role.UNIT_OFFICER, site.world.north)
    client = crawl.client_for(User.objects.get(pk=user.pk))
    people = Candidate.objects.filter(unit=site.world.south_1)
    before = tables.checksum(but=frozenset({"organizations.Session"}))

    for name, wanted in crawl.patterns():
        if not name.startswith(("candidates:", "organizations:", "targets:")) or not wanted:
            continue
        for person in people:
            for step in site.args["step"] if "step" in wanted else [None]:
                if "slug" in wanted:
                    kwargs = {"slug": site.world.south.slug}
                elif set(wanted) <= {"pk", "step"}:
                    kwargs = {"pk": person.pk} | ({"step": step} if step else {})
                else:
                    continue
                response = client.post(reverse(name, kwargs=kwargs), {"unit": site.world.south_1.pk, "version": 1})
                assert response.status_code in (403, 404, 405), (name, kwargs, response.status_code)

    assert tables.checksum(but=frozenset({"organizations.Session"})) == before
