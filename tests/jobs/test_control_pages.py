import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backoffice.control import handlers, health
from backoffice.jobs.models import DueRun, Heartbeat, Holiday, RunState, Work, WorkState
from backoffice.outbox.models import Message, MessageState, Notification
from backoffice.outbox.notices import notify
from backoffice.outbox.services import queue_mail
from tests.jobs.conftest import owe

pytestmark = pytest.mark.django_db


def as_(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_process_answers_without_asking_anybody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_readiness_names_its_parts(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert json.loads(answer.content) == {"ready": True, "database": "ok", "migrations": "ok", "queue": "ok"}


def test_without_redis_the_program_serves_and_says_so(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    answer = client.get("/readyz")
    assert answer.status_code == 200 and answer.json()["queue"] == "degraded"


@pytest.mark.parametrize("path", ["/status/", "/jobs/", "/jobs/tidy/", "/outbox/"])
def test_the_machinery_is_the_administrators(path, administrator, finance):
    assert as_(administrator).get(path).status_code == 200
    assert as_(finance).get(path).status_code == 403


def test_a_worker_that_takes_no_messages_shows_although_its_process_lives(administrator):
    for name in ("beat", "reconcile"):
        Heartbeat.beat(name)
    Heartbeat.objects.create(name="canary", at=timezone.now() - timedelta(minutes=5))
    tones = {str(part.name): part.tone for part in health.parts()}
    assert tones["Clock (beat)" if "Clock (beat)" in tones else "时钟 (beat)"] == "good"
    assert "bad" in [
        part.tone for part in health.parts() if part.at and part.at < timezone.now() - timedelta(minutes=4)
    ]


def test_an_administrator_runs_a_period_again(administrator):
    owe("tidy", state=RunState.DEAD, attempts=5)
    assert as_(administrator).post("/jobs/tidy/2026-03-10/again/").status_code == 302
    assert DueRun.objects.get().state == RunState.WAITING


@pytest.fixture
def sent_mail(gm):
    return queue_mail("report", "1", to=gm, template="alarm", subject="Sales of the day", context={"words": "<b>1</b>"})


def test_a_mail_is_shown_as_it_looked_in_a_frame_that_can_do_nothing(sent_mail, administrator, gm, finance):
    looked = as_(administrator).get(f"/outbox/{sent_mail.pk}/looked/")
    assert looked["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "script" not in looked["Content-Security-Policy"] and looked.content.decode() == sent_mail.html
    assert as_(gm).get(f"/outbox/{sent_mail.pk}/").status_code == 200, "one's own"
    assert as_(finance).get(f"/outbox/{sent_mail.pk}/").status_code == 404
    assert as_(finance).get(f"/outbox/{sent_mail.pk}/looked/").status_code == 404


def test_a_given_up_mail_is_sent_again_by_the_administrator_only(sent_mail, administrator, gm):
    Message.objects.update(state=MessageState.DEAD, error="550")
    assert as_(gm).post(f"/outbox/{sent_mail.pk}/again/").status_code == 403
    as_(administrator).post(f"/outbox/{sent_mail.pk}/again/")
    assert Message.objects.get().state == MessageState.WAITING


def test_work_is_seen_by_whoever_asked_for_it(assistant, salesperson):
    work = Work.objects.create(
        kind="x", title="Import", by=assistant, steps=["Read", "Check"], step=1, count=3, total=10
    )
    assert "Import" in as_(assistant).get(f"/works/{work.pk}/").content.decode()
    for path in ("", "progress/"):
        assert as_(salesperson).get(f"/works/{work.pk}/{path}").status_code == 404
    assert as_(salesperson).post(f"/works/{work.pk}/stop/").status_code == 404
    as_(assistant).post(f"/works/{work.pk}/stop/")
    assert Work.objects.get().state == WorkState.CANCELLED


def test_the_bar_leads_on_to_the_result(assistant):
    work = Work.objects.create(
        kind="x",
        title="Import",
        by=assistant,
        state=WorkState.DONE,
        result_url="/imports/7/",
        finished_at=timezone.now(),
    )
    assert as_(assistant).get(f"/works/{work.pk}/progress/?go=1")["HX-Redirect"] == "/imports/7/"


def test_opening_a_notification_reads_it_and_leads_to_its_matter(gm, finance):
    notify(gm, "alarm", url="/status/", subject="x")
    notice = Notification.objects.get()
    assert as_(finance).get(f"/notifications/{notice.pk}/").status_code == 404
    assert as_(gm).get(f"/notifications/{notice.pk}/").url == "/status/"
    notice.refresh_from_db()
    assert notice.read_at


def test_a_person_chooses_what_comes_by_mail(gm):
    as_(gm).post("/notifications/wishes/", {"alarm": "daily", "unknown": "daily", "work_over": "nonsense"})
    assert list(gm.mail_preferences.values_list("topic", "mail")) == [("alarm", "daily")]


def test_the_office_overrules_a_working_day(administrator, salesperson):
    assert as_(salesperson).post("/holidays/switch/", {"day": "2026-03-10"}).status_code == 403
    as_(administrator).post("/holidays/switch/", {"day": "2026-03-10"})
    assert not Holiday.objects.get(day="2026-03-10").is_working
    assert as_(salesperson).get("/holidays/?year=2026").status_code == 200


def test_a_mail_given_up_tells_each_administrator_in_their_language_and_alarms_breed_no_alarms(
    sent_mail, administrator
):
    administrator.language = "en"
    administrator.save()
    handlers.tell_of_dead_mail(sent_mail)
    alarm = Message.objects.get(topic="alarm")
    assert alarm.subject == f"Mail given up: Sales of the day → {sent_mail.recipient}"
    handlers.tell_of_dead_mail(alarm)
    assert Message.objects.filter(topic="alarm").count() == 1
    assert Notification.objects.filter(person=administrator).count() == 2


def test_who_waited_for_long_work_is_told_that_it_is_over(assistant):
    began = timezone.now() - timedelta(minutes=2)
    work = Work.objects.create(
        kind="x", title="Import", by=assistant, state=WorkState.DONE, started_at=began, finished_at=timezone.now()
    )
    handlers.tell_owner(work)
    assert Notification.objects.get().link == f"/works/{work.pk}/"
