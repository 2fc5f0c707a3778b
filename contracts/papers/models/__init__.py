"""Papers that go along with goods, what asks for them, and the formalities of contracts."""

from contracts.papers.models.formalities import Formality, FormalityStep
from contracts.papers.models.papers import Paper, PaperItem, PaperKind, PaperRule

__all__ = ["Formality", "FormalityStep", "Paper", "PaperItem", "PaperKind", "PaperRule"]
