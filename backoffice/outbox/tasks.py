"""Doors for Celery."""

from celery import shared_task

from . import sending


@shared_task
def send_waiting() -> None:
    sending.send_waiting()
