from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client

from backoffice.files.models import File
from backoffice.files.services import keep, remove_file, remove_orphans, write_whole
from backoffice.refusals import Refused
from tests.files.test_screening import PDF, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def as_(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def record_of(author, state="draft", pk=900001):
    """A register row, as the owner's trigger writes it; the program's own role may not."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE backoffice_owner")
        cursor.execute(
            "INSERT INTO register_record (id, kind, state, author_id, dated_on, changed_at, xid, external_number) "
            "VALUES (%s, 'order', %s, %s, '2026-03-10', now(), 0, '') ON CONFLICT (id) DO UPDATE SET state = excluded.state",
            [pk, state, author.pk],
        )
        cursor.execute("SET ROLE backoffice_app")
    return pk


def test_a_file_lies_under_a_random_name_and_comes_back_as_something_to_save(assistant):
    file = keep("合同 2026.pdf", PDF, "application/pdf", by=assistant)
    assert "2026" not in str(file.path) and file.path.read_bytes() == PDF
    answer = as_(assistant).get(file.get_absolute_url())
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.duty("F9")
def test_a_file_without_a_document_is_its_owners_alone(assistant, salesperson, administrator):
    file = keep("a.pdf", PDF, "application/pdf", by=assistant)
    for other in (salesperson, administrator):
        assert as_(other).get(file.get_absolute_url()).status_code == 404
        assert as_(other).post(f"{file.get_absolute_url()}remove/").status_code == 404
    assert Client().get(file.get_absolute_url()).status_code == 302


@pytest.mark.duty("F9")
def test_a_documents_file_is_seen_by_whoever_sees_the_document(salesperson, finance, hr):
    pk = record_of(salesperson)
    upload = SimpleUploadedFile("照片.png", picture(), content_type="text/html")
    assert as_(hr).post(f"/files/of/{pk}/add/", {"files": upload}).status_code == 404
    upload.seek(0)
    as_(salesperson).post(f"/files/of/{pk}/add/", {"files": upload, "label": "scan"})
    file = File.objects.get()
    assert (file.content_type, file.label, file.original_name) == ("image/png", "scan", "照片.png")
    assert as_(finance).get(file.get_absolute_url()).status_code == 200
    assert as_(hr).get(file.get_absolute_url()).status_code == 404


def test_a_refused_upload_says_why_in_place_and_keeps_the_others(salesperson):
    pk = record_of(salesperson)
    files = [SimpleUploadedFile("x.svg", b"<svg/>"), SimpleUploadedFile("good.png", picture())]
    answer = as_(salesperson).post(f"/files/of/{pk}/add/", {"files": files}, headers={"HX-Request": "true"})
    words = answer.content.decode()
    assert "svg" in words and "good.png" in words
    assert File.objects.count() == 1


def test_a_file_leaves_only_while_the_document_is_a_draft(salesperson):
    pk = record_of(salesperson)
    file = keep("a.pdf", PDF, "application/pdf", by=salesperson, record=pk)
    record_of(salesperson, state="approved")
    with pytest.raises(Refused):
        remove_file(File.objects.get(pk=file.pk), by=salesperson)
    with pytest.raises(IntegrityError), transaction.atomic():
        File.objects.filter(pk=file.pk).delete()
    record_of(salesperson, state="draft")
    remove_file(File.objects.get(pk=file.pk), by=salesperson)
    assert not File.objects.exists()


def test_postgresql_refuses_to_change_what_was_kept(assistant):
    keep("a.pdf", PDF, "application/pdf", by=assistant)
    for change in ({"sha256": "0" * 64}, {"original_name": "b.pdf"}, {"stored_name": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            File.objects.update(**change)


def test_bytes_whose_row_was_never_committed_are_cleared_away(assistant, settings):
    kept = keep("a.pdf", PDF, "application/pdf", by=assistant)
    write_whole(settings.MEDIA_ROOT / "files" / "ab" / "abandoned", b"x")
    assert remove_orphans(older_than=timedelta(seconds=-5)) == 1
    assert kept.path.exists()


def test_a_lost_file_is_not_found_rather_than_a_fault(assistant):
    file = keep("a.pdf", PDF, "application/pdf", by=assistant)
    file.path.unlink()
    assert as_(assistant).get(file.get_absolute_url()).status_code == 404


def test_a_path_in_the_address_leads_nowhere(assistant):
    for key in ("..%2f..%2fetc%2fpasswd", "../../etc/passwd", "a" * 32):
        assert as_(assistant).get(f"/files/{key}/").status_code == 404
