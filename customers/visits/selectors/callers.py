"""Who calls or visits a customer when nobody was named: the assistant who serves them, or their salesperson."""

from collections import defaultdict

from backoffice.people.models import Person, Region, Role
from customers.models import Customer
from customers.visits.models import Rhythm

By = Rhythm.By


class Callers:
    """Asked for many customers at once: who serves whom is read in four statements."""

    def __init__(self) -> None:
        self.sellers = {person.pk: person for person in Person.objects.with_role(Role.SALESPERSON, Role.MANAGER)}
        self.assistants = {person.pk: person for person in Person.objects.with_role(Role.ASSISTANT)}
        self.of_seller = self._served("serves", "to_person_id", "from_person_id")
        self.of_region = self._served("serves_regions", "region_id", "person_id")
        self.above = dict(Region.objects.values_list("pk", "parent")) if self.of_region else {}

    def _served(self, relation: str, whom: str, who: str) -> dict[int, list[Person]]:
        found: dict[int, list[Person]] = defaultdict(list)
        rows = getattr(Person, relation).through.objects.order_by(who)
        for served, assistant in rows.values_list(whom, who):
            if assistant in self.assistants:
                found[served].append(self.assistants[assistant])
        return found

    def serving(self, customer: Customer) -> list[Person]:
        """The assistants who serve the customer's salesperson, else the nearest region above it."""
        party = customer.party
        if party.owner_id in self.of_seller:
            return self.of_seller[party.owner_id]
        region = party.region_id
        while region is not None:
            if region in self.of_region:
                return self.of_region[region]
            region = self.above.get(region)
        return []

    def of(self, customer: Customer, by: str) -> Person | None:
        """Several assistants share their customers evenly, each customer always with the same one."""
        seller = self.sellers.get(customer.party.owner_id)
        serving = self.serving(customer)
        assistant = serving[customer.pk % len(serving)] if serving else None
        return (assistant or seller) if by == By.ASSISTANT else (seller or assistant)
