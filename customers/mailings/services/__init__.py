"""The only functions that write mailings, messages, private links, opt-outs and wishes (C9, C10)."""

from customers.mailings.services.links import make_link, note_visit, revoke_link
from customers.mailings.services.mailings import (
    cancel_mailing,
    finish_mailing,
    hand_over_mailing,
    keep_answer,
    save_mailing,
    send_mailing,
    send_test,
)
from customers.mailings.services.news import save_wish, tell_customer, write_message
from customers.mailings.services.planning import plan_mailing, recall_mailing, send_what_is_planned
from customers.mailings.services.templates import save_template
from customers.mailings.services.wishes import opt_out_by_link, take_back_opt_out, write_opt_out

__all__ = [
    "cancel_mailing", "finish_mailing", "hand_over_mailing", "keep_answer", "make_link", "note_visit", "opt_out_by_link",
    "plan_mailing", "recall_mailing", "revoke_link", "save_mailing", "save_template", "save_wish", "send_mailing", "send_test", "send_what_is_planned", "take_back_opt_out", "tell_customer",
    "write_message", "write_opt_out",
]  # fmt: skip
