"""`makemigrations`, with the indexes and constraints of a new table inside its making.

Django writes them as operations of their own, and `migrate` renders every related model anew for each of them: with a hundred tables
that all point at parties and people this is most of the time from nothing to the first page.
"""

from typing import Any

from django.core.management.commands import makemigrations
from django.db.migrations import AddConstraint, AddIndex, CreateModel, Migration

WITHIN = {AddIndex: ("indexes", "index"), AddConstraint: ("constraints", "constraint")}


class Command(makemigrations.Command):
    def write_migration_files(self, changes: dict[str, list[Migration]], *args: Any, **options: Any) -> None:
        for migrations in changes.values():
            for migration in migrations:
                migration.operations = folded(migration.operations)
        super().write_migration_files(changes, *args, **options)


def folded(operations: list[Any]) -> list[Any]:
    """The same operations; what is added to a table they make, and that waits for no other of its columns, is part of its making."""
    kept: list[Any] = []
    made: dict[str, CreateModel] = {}
    for operation in operations:
        name = getattr(operation, "model_name", "").lower()
        if type(operation) in WITHIN and name in made:
            option, attribute = WITHIN[type(operation)]
            made[name].options.setdefault(option, []).append(getattr(operation, attribute))
            continue
        kept.append(operation)
        if isinstance(operation, CreateModel):
            made[operation.name_lower] = operation
        else:
            made.pop(name, None)
    return kept
