"""The two pages of the member area that no declaration gives: merging two records, asking for a member elsewhere."""

import uuid
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from unionoffice.fields import EncryptedField
from unionoffice.organisation import access
from unionoffice.organisation.models import Union
from unionoffice.records.cells import formatter
from unionoffice.records.searching import search
from unionoffice.records.steps import StepRefused
from unionoffice.records.views.page import RecordPage

from . import actions, merging
from .duplicates import REQUEST
from .forms import RequestForm
from .models import Member
from .quality import same_person
from .records.roster import MERGE

CANDIDATES = 20
TOKEN_SECONDS = 24 * 3600


class MergePage(RecordPage):
    """Two records of one person side by side: what stays is chosen field by field."""

    needs = MERGE
    template = "members/merge.html"

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        member = self.record()
        other = self.other(request.GET, member)
        if other is not None:
            return self.compare(member, other)
        if "q" not in request.GET:
            alike = self.alike(member)
            if len(alike) == 1:
                return self.compare(member, alike[0])
        return self.choose(member, request.GET.get("q", "").strip())

    def alike(self, member: Member) -> QuerySet[Member]:
        """Those in sight who are probably the same person."""
        found = same_person(access.unions_of(self.user)).filter(name=member.name).exclude(pk=member.pk)
        return found.select_related("union")[:CANDIDATES]

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        member = self.record()
        other = self.other(request.POST, member)
        if other is None:
            raise Http404("no record to merge with")
        keep, drop = (other, member) if request.POST.get("keep") == str(other.pk) else (member, other)
        choices = {
            field.name: "keep" if request.POST[field.name] == str(keep.pk) else "drop"
            for field in merging.chosen_fields()
            if field.name in request.POST
        }
        reason = request.POST.get("reason", "").strip()[:200]
        try:
            merging.merge_members(keep, drop, choices=choices, by=self.user, reason=reason)
        except StepRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(self.kind.url("list"))
        messages.success(request, f"两条记录已合并为“{keep}”，合并可在变更记录里撤回。")
        return redirect(self.kind.url("record", keep.pk))

    def other(self, data: QueryDict, member: Member) -> Member | None:
        """The second record, among those the user may see; None while none is chosen."""
        chosen = data.get("with", "")
        if not chosen:
            return None
        if not chosen.isdecimal() or int(chosen) == member.pk:
            raise Http404("no such record to merge with")
        return get_object_or_404(self.rows, pk=int(chosen))

    def choose(self, member: Member, text: str) -> HttpResponse:
        """Who may be the same person: namesakes first, or whoever was searched for."""
        rows = self.alike(member)
        if text:
            found = self.rows.filter(search(self.kind, text)).exclude(pk=member.pk)
            rows = found.select_related("union")[:CANDIDATES]
        return self.page(member=member, member_url=self.url(member), candidates=rows, q=text)

    def url(self, member: Member) -> str:
        return self.kind.url("record", member.pk)

    def compare(self, member: Member, other: Member) -> HttpResponse:
        """Each field that may be chosen, with both values and the proposal; below, what hangs on either record."""
        proposed = merging.proposal(member, other)
        rows = []
        for field in merging.chosen_fields():
            texts = [self.text(field, row) for row in (member, other)]
            chosen = other if proposed[field.name] == "drop" else member
            rows.append(
                {
                    "name": field.name,
                    "label": field.verbose_name,
                    "cells": [
                        {
                            "pk": row.pk,
                            "text": text,
                            "chosen": row is chosen,
                            "of": row.union.short_name or row.union.name,
                        }
                        for row, text in zip((member, other), texts, strict=True)
                    ],
                    "same": texts[0] == texts[1],
                }
            )
        return self.page(
            member=member,
            member_url=self.url(member),
            other=other,
            sides=[self.side(row) for row in (member, other)],
            different=[row for row in rows if not row["same"]],
            same=[row for row in rows if row["same"] and row["cells"][0]["text"]],
        )

    def side(self, row: Member) -> dict[str, Any]:
        number = Member._meta.get_field("id_number")
        return {
            "pk": row.pk,
            "title": str(row),
            "union": row.union.short_name or row.union.name,
            "url": self.url(row),
            "id_kind": row.get_id_kind_display(),
            "id_number": number.masked(row.id_number),
            "events": row.events.select_related("union").order_by("on"),
            "linked": merging.linked_counts(row),
        }

    def text(self, field: models.Field, row: Member) -> str:
        value = getattr(row, field.name)
        if isinstance(value, models.Model):
            return str(value)
        if isinstance(field, EncryptedField):
            return field.masked(value)
        return formatter(field, access.personal_data_masked(self.user))(value)


class RequestTransferPage(RecordPage):
    """A chair asks for somebody of another union, known only by the number that was typed: the address is signed."""

    needs = REQUEST
    template = "records/step.html"

    def member(self) -> Member:
        try:
            pk = signing.loads(self.request.GET.get("who", ""), salt=REQUEST, max_age=TOKEN_SECONDS)
        except signing.BadSignature as error:
            raise Http404("no such request") from error
        return get_object_or_404(Member, pk=pk)

    def make(self, data: QueryDict | None = None) -> RequestForm:
        initial = {"union": self.user.union_id, "on": timezone.localdate(), "submission": uuid.uuid4()}
        form = RequestForm(data, initial=initial)
        form.fields["union"].queryset = access.rows(self.user, Union)
        return form

    def show(self, form: RequestForm, status: int = 200) -> HttpResponse:
        return self.page(
            status=status,
            title="申请转会",
            subtitle="原工会或镇总工会同意后，该会员转入您的工会。对方可以看到申请理由。",
            record_title="在其他工会登记的会员",
            record_url=self.kind.url("list"),
            form=form,
            tone="primary",
            draft_key="transfer-requests:ask",
            cancel_url=self.kind.url("list"),
        )

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        self.member()
        return self.show(self.make())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        member = self.member()
        form = self.make(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        cleaned = form.cleaned_data
        try:
            asked = actions.request_transfer(
                member, to=cleaned["union"], on=cleaned["on"], reason=cleaned["reason"], by=self.user
            )
        except StepRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return self.show(form, status=422)
        messages.success(request, "申请已提交，原工会和镇总工会都能看到。")
        return redirect(self.kind.url("record", asked.pk))
