"""The project package: settings, addresses, Celery, and the foundation that every app stands on."""

from backoffice.celery import app as celery_app

__all__ = ["celery_app"]
