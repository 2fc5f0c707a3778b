"""Questions about calls and visits: who makes them, when the next is due, what was said, how many there were."""

from customers.visits.selectors.callers import Callers
from customers.visits.selectors.figures import Contacts, PlanFigures, contacts_by_person, plan_by_person
from customers.visits.selectors.rhythms import Rhythms, Turn, rhythm_of
from customers.visits.selectors.talks import Conversation, Day, audience, conversations, last_said, weeks_of

__all__ = [
    "Callers", "Contacts", "Conversation", "Day", "PlanFigures", "Rhythms", "Turn", "audience", "contacts_by_person",
    "conversations", "last_said", "plan_by_person", "rhythm_of", "weeks_of",
]  # fmt: skip
