"""Words and signs that every page shares: sections, and how each state looks."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .registry import Section

SECTION_LABELS = {
    Section.DAY: _("Today"),
    Section.CUSTOMERS: pgettext_lazy("section", "Customers"),
    Section.SALES: _("Sales"),
    Section.GOODS: _("Goods"),
    Section.MONEY: pgettext_lazy("section", "Money"),
    Section.OFFICE: _("Office"),
    Section.FIGURES: _("Figures"),
    Section.CONTROL: _("Administration"),
}

# state → (tone, icon); a state that is not here is shown neutral, never hidden
SIGNS = {
    "draft": ("neutral", "pencil"),
    "entered": ("neutral", "pencil"),
    "requested": ("info", "clock"),
    "computed": ("neutral", "calculator"),
    "submitted": ("info", "clock"),
    "uploaded": ("info", "upload"),
    "applied": ("good", "check-double"),
    "undone": ("neutral", "undo"),
    "checked": ("info", "eye"),
    "sent": ("info", "send"),
    "enquiry": ("info", "phone"),
    "quoted": ("info", "send"),
    "reviewed": ("info", "eye"),
    "accepted": ("good", "check"),
    "approved": ("good", "check"),
    "confirmed": ("good", "check"),
    "hosted": ("good", "people"),
    "planned": ("info", "calendar"),
    "made": ("good", "check"),
    "dropped": ("neutral", "x"),
    "signed": ("good", "pen"),
    "running": ("info", "play"),
    "ordered": ("good", "check"),
    "dispatched": ("info", "truck"),
    "in_transit": ("info", "truck"),
    "delivered": ("good", "check-double"),
    "received": ("good", "box"),
    "invoiced": ("good", "invoice"),
    "issued": ("good", "invoice"),
    "credited": ("good", "invoice"),
    "allocated": ("good", "link"),
    "settled": ("good", "check-double"),
    "fulfilled": ("good", "check-double"),
    "paid": ("good", "check-double"),
    "paid_out": ("info", "cash"),
    "frozen": ("good", "lock"),
    "done": ("good", "check-double"),
    "closed": ("neutral", "archive"),
    "closed_short": ("neutral", "archive"),
    "held": ("warn", "pause"),
    "returned": ("warn", "undo"),
    "new": ("info", "star"),
    "contacted": ("info", "phone"),
    "interested": ("info", "eye"),
    "negotiating": ("info", "scale"),
    "won": ("good", "check-double"),
    "verified": ("good", "check-double"),
    "replaced": ("neutral", "archive"),
    "revoked": ("bad", "x"),
    "working": ("info", "clock"),
    "solved": ("good", "check"),
    "reported": ("warn", "alert"),
    "barred": ("info", "lock"),
    "part": ("warn", "half"),
    "asked": ("info", "clock"),
    "promised": ("good", "calendar"),
    "supplied": ("good", "check-double"),
    "preparing": ("info", "files"),
    "handed_in": ("info", "send"),
    "amending": ("info", "clock"),
    "effective": ("good", "check"),
    "merged": ("good", "link"),
    "none": ("neutral", "circle"),
    "all": ("good", "check-double"),
    "overdue": ("bad", "alert"),
    "failed": ("bad", "alert"),
    "lost": ("bad", "x"),
    "refused": ("bad", "x"),
    "expired": ("bad", "clock"),
    "terminated": ("bad", "x"),
    "cancelled": ("neutral", "x"),
    "waiting": ("neutral", "clock"),
    "sending": ("info", "send"),
    "skipped": ("neutral", "minus"),
    "dead": ("bad", "alert"),
    "reversed": ("neutral", "undo"),
    "void": ("neutral", "x"),
    "open": ("info", "pencil"),
    "closing": ("warn", "clock"),
    "reopening": ("warn", "clock"),
}


# a state's own tone, where its lifecycle gives one → (tone of the badge, sign if its name has none here)
TONES = {
    "neutral": ("neutral", "dot"),
    "waiting": ("info", "clock"),
    "good": ("good", "check"),
    "done": ("good", "check-double"),
    "bad": ("bad", "alert"),
    "warn": ("warn", "alert"),
}


def sign_of(state) -> tuple[str, str]:
    """(tone, icon) of a state, by its name; a State of a lifecycle that is not named here by its tone."""
    name = str(getattr(state, "value", state))
    return SIGNS.get(name) or TONES.get(getattr(state, "tone", "neutral"), TONES["neutral"])
