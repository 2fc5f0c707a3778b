"""Why a row misses its goal and what comes next; printed below the table of its area for the rows that miss."""

MACHINE = (
    "The milliseconds of the goals belong to a faster processor: the bare view of the same SQL misses them here too. "
)
STEPS = (
    "Beside a plain program it takes the lock, the gate, the review, the fingerprint, the credit and, by triggers, one row of history for each "
    "change: some twenty-five statements, which Django writes and PostgreSQL plans anew each time. Next: fewer of them, savepoints only where an act may "
    "be refused alone. "
)
REASONS = {
    "order list, first page of 50": MACHINE + "No more rows are counted than show that there are many, and what every page shows is kept for a moment; the rest is fifty rows of a dozen cells, and a third of it Django writing the same statements anew. Next: the text of a list's statement kept for each filter, its values put in.",
    "the same, filtered to what is to be shipped": MACHINE + "Next: as above.",
    "the same, page 1,900": MACHINE + "Next: as above; the page itself is found by its index.",
    "the same for an assistant with her customers": MACHINE + "Which of 20,000 customers she may see is read twice: for the rows and for whether there are many. Next: once, for both.",
    "order page": MACHINE + "A document page shows eleven panels (credit, chain, comparison with contract, price list and last order, history …), each a statement of a millisecond that Django takes another to write. Next: history and files when scrolled to.",
    "customer list with balances": MACHINE + "Next: as for the list of orders; the balances of fifty customers are read from their open items.",
    "performance list of one contract": "The contract with most calls of all: 260 lines of orders, shipments and invoices, of which it shows the first hundred and adds up all. Next: what each entry did to a line kept beside it, as for a deal.",
    "timeline of a customer with 10,000 entries, the newest": "Each of a dozen sources is asked for a page of its own, and the page shows the newest of them. Next: one statement over the sources that are rows of the register.",
    "the same, after 9,000 entries": "As the newest: it does not grow with the place in the timeline.",
    "customer page": MACHINE + "Next: the timeline when scrolled to, as on the order page.",
    "sales by customer, 10 months": MACHINE + "20,000 rows are printed, most of the time is theirs. Next: pages of 200 with the total of all.",
    "sales by product, 10 months": MACHINE + "Next: as by customer.",
    "ageing of all customers at a past date": MACHINE + "Every open charge of 20,000 customers is cut into buckets. Next: a monthly balance beside the ledger, so that a past date reads one month and not all years.",
    "ageing of all customers today": MACHINE + "Next: as at a past date.",
    "dashboard of the general manager": MACHINE + "The month under way is added up from lines and compared with the year before. Next: from the sums of sales by day.",
    "customer account page": MACHINE + "Next: the running balance of the customers' list.",
    "order of 5 lines made and submitted": STEPS,
    "order of 200 lines made and submitted": STEPS,
    "order approved (history, review, reservation)": STEPS,
    "dispatch": STEPS + "A dispatch moves goods, posts, finishes orders and tells people: about sixty statements. Next: what is told, after the commit.",
    "invoice issued and posted": STEPS,
    "invoice PDF with Chinese text": "The document is laid out by WeasyPrint and its Chinese font is cut down to what it uses; the process that does it is forked for each document. Next: Typst, if its tables and its fonts pass the same tests.",
    "20 invoices on paper in a batch": "One PDF, its fonts once; each page is laid out by WeasyPrint in a tenth of a second. Next: half of them in a second process, or Typst.",
    "100,000 order lines to Excel": "Next: a writer in Rust behind the same interface, if types, formats and formula safety stay.",
    "import of 10,000 order lines, check and apply": "Each row is checked against masters, books and numbers before anything is written, and leaves its history. Next: numbers and codes compared in the database.",
    "orders a second over HTTP, 4 clients": "Two cores carry clients, web and PostgreSQL; one order is read from a form, priced, saved and submitted with all its checks. Next: as for the steps.",
    "memory of the web while lists are read": "Two workers with the whole program loaded, shared before they are forked. Next: libraries that only one page needs loaded by that page.",
    "list in the browser, warm": "Half of it is the browser: without styles and scripts the same page takes two thirds. Next: rows laid out as they are scrolled to (`content-visibility`).",
    "list in the browser, first visit": "Next: the chart library only on pages with a chart.",
}  # fmt: skip
