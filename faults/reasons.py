"""Why a fault missed its goal and what comes next; printed below the table for the rows that miss."""

REASONS = {
    "twenty people work beside an import and the reports of a month": "p95 is that of two cores which carry the clients, PostgreSQL, an import and a month's reports at once, here beside another test too; "
    "no answer was an error. Next: measured alone; reports and imports kept to one core.",
}
