"""Why a fault missed its goal and what comes next; printed below the table for the rows that miss."""

REASONS = {
    "money and invoices undone while they settle": "Nothing went wrong with the lock; without it (the control) the two acts rarely met. The control now lets them meet each time. "
    "Next: the row measured again.",
    "the worker is killed at each of eighteen points": "The reports of 54 days at once, each begun twice and more, needed longer than the 120 s they were given beside another lane: "
    "they were still waiting, none was lost and none sent twice under another Message-ID. They now have 400 s. Next: the row measured again.",
    "mutated workbooks end in words": "Two of 6,250 ended the process that read them: a cell B3999999999999 and a table that promised a trillion texts, for which the parser made room. "
    "Both are refused before it sees them now (`backoffice/sheets/safety.py`), with a test each. Next: the row measured again; the parser in a process with a limit of memory.",
    "twenty people work beside an import and the reports of a month": "p95 is that of two cores which carry the clients, PostgreSQL, an import and a month's reports at once, here beside another test too; "
    "no answer was an error. Next: measured alone; reports and imports kept to one core.",
}
