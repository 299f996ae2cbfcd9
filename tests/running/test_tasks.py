"""What the scheduler has done every night."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from unionoffice.organisation.models import User
from unionoffice.records.models import Submission
from unionoffice.running.tasks import SENT_AGAIN, forget_old


@pytest.mark.django_db
def test_ended_sessions_and_keys_of_forms_sent_long_ago_are_forgotten(staff: User) -> None:
    now, hour = timezone.now(), timedelta(hours=1)
    Session.objects.create(session_key="ended", session_data="", expire_date=now - hour)
    Session.objects.create(session_key="open", session_data="", expire_date=now + hour)
    old, new = (Submission.objects.create(key=uuid.uuid4(), user=staff) for _ in range(2))
    Submission.objects.filter(pk=old.pk).update(at=now - SENT_AGAIN - hour)

    forget_old()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    assert list(Submission.objects.all()) == [new]
