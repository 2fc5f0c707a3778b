"""The only functions that write papers, what asks for them, and formalities."""

from contracts.papers.services.formalities import (
    add_formality,
    alarm_formalities,
    change_formality,
    finish_formality,
    save_step,
    start_formalities,
    waive_formality,
)
from contracts.papers.services.papers import (
    KEEPS,
    cancel_paper,
    issue_paper,
    make_certificates,
    remove_rule,
    save_kind,
    save_paper,
    save_rule,
    void_paper,
)

__all__ = [
    "KEEPS", "add_formality", "alarm_formalities", "cancel_paper", "change_formality", "finish_formality", "issue_paper",
    "make_certificates", "remove_rule", "save_kind", "save_paper", "save_rule", "save_step", "start_formalities", "void_paper",
    "waive_formality",
]  # fmt: skip
