"""What is broken on purpose, and what must hold all the same: `make faults` (reliability.md §1.12 and §5).

A file of `faults/points/` holds one numbered point: functions under `@fault(…)`, each run in a database of its own,
beside real PostgreSQL, Valkey and mail processes that it may kill. A function gets a `Run` (how often, a seeded
`random`, the `place` with its services) and answers an `Outcome`: how often it was done, how often it went wrong, in
words what was shown. A race names its negative control: the same with the lock off, which must go wrong in half of
its rounds at least, else the race proves nothing. After each of them `check_books` must find nothing and a new order
must go through inside a minute.
"""
