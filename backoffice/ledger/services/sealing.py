"""The hash chain over the entries (reliability.md §1.6): whoever changes an old entry, even as the owner, breaks it visibly."""

from collections.abc import Iterator
from hashlib import sha256

from django.db import connection, transaction

from backoffice.ledger.models import Seal

VERSION = 1
BATCH = 2000
# What an entry says, in one canonical text; sealing and verifying read it by this same expression.
CANONICAL = """
jsonb_build_array(e.id, e.posted_on, e.event, e.record_id, e.dossier_id, e.memo, e.posted_by_id, e.reverses_id,
  (SELECT jsonb_agg(jsonb_build_array(l.position, l.account_id, l.debit, l.credit, l.party_id, l.person_id, l.dossier_id, l.record_id)
                    ORDER BY l.position) FROM ledger_entryline l WHERE l.entry_id = e.id))::text
"""
# Only what was committed before every transaction still running: nothing can slip in below a horizon later.
UNSEALED = f"""
SELECT e.id, {CANONICAL} FROM ledger_entry e
 WHERE e.xid >= %s AND e.xid < %s AND NOT EXISTS (SELECT FROM ledger_seal s WHERE s.entry_id = e.id)
 ORDER BY e.id
"""
SEALED = f"""
SELECT s.position, s.entry_id, s.version, s.digest, {CANONICAL} FROM ledger_seal s JOIN ledger_entry e ON e.id = s.entry_id
 WHERE s.position > %s ORDER BY s.position LIMIT %s
"""


def link(before: str, text: str, version: int = VERSION) -> str:
    """One link: the version as a byte, the link before, the entry."""
    return sha256(bytes([version]) + bytes.fromhex(before) + text.encode()).hexdigest()


def chain_head() -> tuple[int, str]:
    """Position and digest of the last link; the 17:00 mail prints it, so that a copy of it is out of the house."""
    last = Seal.objects.order_by("-position").values_list("position", "digest").first()
    return last or (0, "")


@transaction.atomic
def seal(*, everything: bool = False) -> int:
    """Append every committed entry that is not in the chain yet; answers how many. May run at any time, twice too.

    It looks above the last horizon only. `everything` looks at all entries: nightly, and after a restore, when
    transaction numbers may have begun anew.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(4212), (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint")
        horizon = cursor.fetchone()[1]
        cursor.execute("SELECT position, digest, horizon FROM ledger_seal ORDER BY position DESC LIMIT 1")
        position, digest, seen = cursor.fetchone() or (0, "", 0)
        cursor.execute(UNSEALED, [0 if everything or seen > horizon else seen, horizon])
        seals = []
        for entry, text in cursor.fetchall():
            position, digest = position + 1, link(digest, text)
            seals.append(Seal(position=position, entry_id=entry, version=VERSION, digest=digest, horizon=horizon))
    Seal.objects.bulk_create(seals, batch_size=BATCH)
    return len(seals)


def verify_chain() -> Iterator[str]:
    """What is wrong with the chain, one line each; nothing when it holds."""
    position, digest = 0, ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(SEALED, [position, BATCH])
            rows = cursor.fetchall()
        for place, entry, version, stored, text in rows:
            if place != position + 1:
                yield f"hash chain: link {position + 1} is missing"
            if stored != link(digest, text, version):
                yield f"hash chain: entry {entry} (link {place}) is not what was sealed"
            position, digest = place, stored
        if not rows:
            return
