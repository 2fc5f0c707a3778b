"""Kinds of documents by name: their model, their word, their address."""

from django.urls import reverse

from backoffice.documents.enforcement import documents
from backoffice.documents.models import Document


def model_of(kind: str) -> type[Document]:
    return next(model for model in documents() if model.lifecycle.kind == kind)


def label_of(kind: str) -> str:
    return str(model_of(kind).lifecycle.label)


def address_of(kind: str, pk: int) -> str:
    """The page of a document. Every app names its document pages `<app>:<kind>`."""
    return reverse(f"{model_of(kind)._meta.app_label}:{kind}", args=[pk])
