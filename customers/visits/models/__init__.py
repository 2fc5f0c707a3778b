"""Rhythms, calls and visits, telephone-sales plans; receptions."""

from customers.visits.models.plan import CallPlan
from customers.visits.models.reception import Reception, ReceptionLine
from customers.visits.models.rhythm import Rhythm, Way, Wish
from customers.visits.models.visit import Visit

__all__ = ["CallPlan", "Reception", "ReceptionLine", "Rhythm", "Visit", "Way", "Wish"]
