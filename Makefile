# Everything goes through one stdlib-only package, so that python3 (3.11 or newer) is all a machine needs.
PYTHON ?= python3

.PHONY: run test lint fmt lock manage messages pictures faults bench

run:            ## from nothing to the running program with its demo company
	@$(PYTHON) -m embedded run

test:           ## everything: style, types, layers, tests, browser journeys (only="tests/books -k tax" takes a part)
	@$(PYTHON) -m embedded test $(only)

bench:          ## what everything takes, into benchmarks/latest.md (only=orders takes rows, orders=10000 another size, short=1 a quick form)
	@$(PYTHON) -m embedded bench $(if $(short),--short) $(if $(orders),--orders $(orders)) $(if $(only),--only "$(only)")

faults:         ## what is broken on purpose, into faults/latest.md (only=2,3 takes points, named=killed those of that name, short=1 a quick form; LOAD_SECONDS=3600 only=17 is an hour of twenty people)
	@$(PYTHON) -m embedded faults $(if $(short),--short) $(if $(only),--only $(only)) $(if $(named),--named "$(named)") $(if $(seed),--seed $(seed))

lint:           ## the checks that need no services
	@$(PYTHON) -m embedded lint

fmt:            ## format the code
	@$(PYTHON) -m embedded format

lock:           ## resolve all packages anew and pin them by hash
	@$(PYTHON) -m embedded lock

manage:         ## a command of the running program: make manage do="check_books"
	@$(PYTHON) -m embedded manage $(do)

messages:       ## write the texts that no catalogue has yet, empty, into the catalogue they belong to
	@$(PYTHON) -m embedded messages

pictures:       ## pictures of the kinds of pages into docs/pictures, while `make run` is up (only=every: of all pages, in all looks, into .local/pictures)
	@$(PYTHON) -m embedded pictures $(only)
