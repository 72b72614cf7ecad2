"""No model is forgotten: each is scoped, reached through a scoped parent, or open to everyone who signs in."""

from django.apps import apps

OURS = {"organizations", "targets", "candidates", "reports"}
THROUGH_PARENT = {
    "candidates.Introducer",
    "candidates.Helper",
    "candidates.FormerMembership",
    "candidates.NeutralAnswer",  # counted for the account that asked
    "organizations.ImportedRow",
    "organizations.ColumnMemory",  # of the unit of an import
    "organizations.Succession",
    "organizations.Session",  # one's own only
    "organizations.User",  # through assignments and ACCOUNT_EDIT
}
OPEN = {
    *("targets.AdmissionPlan", "targets.TargetRule"),
    *("candidates.RuleSet", "candidates.CalendarYear", "candidates.LocalLimits"),
    *("candidates.DossierForm", "candidates.AppraisalQuestion"),
    *("candidates.ClassKind", "candidates.Grade"),
}


def test_every_model_says_how_it_is_scoped():
    ours = {m._meta.label for m in apps.get_models() if m._meta.app_label in OURS}
    scoped = {m._meta.label for m in apps.get_models() if hasattr(m._default_manager, "visible_to")}

    assert ours == (scoped & ours) | THROUGH_PARENT | OPEN
    assert not scoped & (THROUGH_PARENT | OPEN)
