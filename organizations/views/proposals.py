"""What waits for a second person: the list, one proposal with its answer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organizations import account_list
from organizations.actions import proposals
from organizations.exports import METHODS, Leaving, back_to, take_out
from organizations.forms.accounts import DecisionForm, ProposalFilterForm, put_errors
from organizations.models import Proposal
from organizations.permissions import Permission
from organizations.scope import needs
from organizations.versions import Conflict
from organizations.views.accounts import READ_AND_SEND, account_or_404, now_words, password_page
from vuthu_recruit.web import paginate

SHAPES = {
    Proposal.State.WAITING: ("doing", "later"),
    Proposal.State.CONFIRMED: ("done", "done"),
    Proposal.State.REFUSED: ("soon", "returned"),
    Proposal.State.WITHDRAWN: ("stopped", "stopped"),
}
DONE = {"confirm": "Đã xác nhận", "refuse": "Đã ghi không xác nhận", "withdraw": "Đã rút đề nghị"}


def _listed(request) -> tuple[ProposalFilterForm, object]:
    """The filter and the proposals it leaves: those that wait, oldest first, or those decided, newest first."""
    form = ProposalFilterForm(request.GET)
    rows = proposals.readable_by(request.user).select_related("organization__grassroots", "proposed_by", "decided_by")
    if not form.is_valid():
        return form, rows.none()
    waiting = Proposal.State.WAITING
    if form.cleaned_data["state"]:
        rows = rows.exclude(state=waiting).order_by("-decided_at", "-pk")
    else:
        rows = rows.filter(state=waiting).order_by("proposed_at", "pk")
    kind = form.cleaned_data["kind"]
    return form, rows.filter(kind=kind) if kind else rows


@require_safe
@needs(Permission.CONFIRM, Permission.ACCOUNT_EDIT)
def index(request):
    """Costs two queries and one for each kind, however many proposals there are."""
    form, rows = _listed(request)
    is_wrong = not form.is_valid()
    page = paginate(request, rows)
    _dress(page.object_list)
    context = {
        "form": form,
        "page_obj": page,
        "rows": page.object_list,
        "chips": form.chips,
        "is_wrong": is_wrong,
        "is_decided": bool(not is_wrong and form.cleaned_data["state"]),
        "tabs": _tabs(request, form),
    }
    return render(request, "organizations/proposals.html", context, status=422 if is_wrong else 200)


@require_http_methods(METHODS)
@needs(Permission.CONFIRM, Permission.ACCOUNT_EDIT)
def export(request):
    """The rows and filter of the page, all pages."""
    form, found = _listed(request)
    if not form.is_valid():
        return back_to(request, "organizations:proposals")
    rows = list(found)
    _dress(rows)
    leaving = Leaving.listed(
        account_list.PROPOSALS,
        len(rows),
        form.words,
        of_people=any(one.kind == Proposal.Kind.DELEGATED_DECISION for one in rows),
        rights=(Permission.CONFIRM, Permission.ACCOUNT_EDIT),
    )
    told = {"filter_words": form.words, "by": request.user}
    return take_out(request, leaving, lambda: account_list.proposals_workbook(rows, **told))


def _tabs(request, form) -> list[dict]:
    chosen = "decided" if form.is_valid() and form.cleaned_data["state"] else ""
    found = []
    for value, label in form.fields["state"].choices:
        query = request.GET.copy()
        query.pop("page", None)
        query["state"] = value
        found.append({"url": f"?{query.urlencode()}", "label": label, "current": value == chosen})
    return found


def _dress(rows) -> None:
    """Words and shapes of the page, on the rows of one page."""
    proposals.name_subjects(rows)
    for proposal in rows:
        proposal.title = proposals.title(proposal)
        proposal.shape = SHAPES[proposal.state]


@require_http_methods(READ_AND_SEND)
@needs(Permission.CONFIRM, Permission.ACCOUNT_EDIT, Permission.STEP_COMMITTEE)
def detail(request, pk: int):
    proposal = _proposal(request, pk)
    if request.method != "POST":
        return _page(request, proposal, DecisionForm(initial={"version": proposal.version}))
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, proposal, form, status=422)
    try:
        first = _answer(request.user, proposal, **form.cleaned_data)
    except Conflict:
        proposal = _proposal(request, pk)
        form.now_at(proposal.version)
        return _page(request, proposal, form, status=409, is_conflict=True)
    except proposals.NotConfirmable as error:
        return _page(request, proposal, form, status=422, refusals=error.refusals)
    except ValidationError as error:
        put_errors(form, error)
        return _page(request, proposal, form, status=422)
    if first is not None:
        return password_page(request, account_or_404(proposal.object_id), first)
    _dress([proposal])
    decision = DONE[form.cleaned_data["decision"]]
    messages.success(request, f"{decision}: {proposal.title}, {proposal.subject}, lúc {now_words()}.")
    return redirect("organizations:proposal", pk=pk)


def _answer(user, proposal: Proposal, *, decision: str, reason: str, version: int):
    if decision == DecisionForm.CONFIRM:
        return proposals.confirm(proposal=proposal, version=version, by=user)
    if decision == DecisionForm.REFUSE:
        return proposals.refuse(proposal=proposal, reason=reason, version=version, by=user)
    return proposals.withdraw(proposal=proposal, version=version, by=user)


def _proposal(request, pk: int) -> Proposal:
    rows = proposals.readable_by(request.user).select_related("organization__grassroots", "proposed_by", "decided_by")
    proposal = rows.filter(pk=pk).first()
    if proposal is None:
        raise Http404
    return proposal


def _page(request, proposal: Proposal, form, *, status: int = 200, refusals=(), is_conflict: bool = False):
    user = request.user
    _dress([proposal])
    is_waiting = proposal.state == Proposal.State.WAITING
    context = {
        "proposal": proposal,
        "form": form,
        "facts": proposals.facts(proposal),
        "may_decide": is_waiting and proposals.may_decide(proposal, user),
        "may_withdraw": is_waiting and proposal.proposed_by_id == user.pk,
        "is_waiting": is_waiting,
        "gives_password": proposals.gives_password(proposal) if is_waiting else False,
        "refusals": refusals,
        "is_conflict": is_conflict,
    }
    return render(request, "organizations/proposal.html", context, status=status)
