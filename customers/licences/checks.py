"""What must hold of licences, whoever wrote them."""

from collections.abc import Iterator

from backoffice.database.checks import checks_books, rows


@checks_books("licences.verified")
def verified_ones_have_their_scan() -> Iterator[str]:
    """Each licence that counts has its scan on file, and somebody else than its author agreed to it (C2)."""
    for pk, number in rows(
        """
        SELECT l.id, l.number FROM licences_licence l
         WHERE l.state IN ('verified', 'replaced', 'revoked') AND l.opening_id IS NULL
           AND (NOT EXISTS (SELECT FROM files_file f WHERE f.record_id = l.id AND f.label = 'certificate')
                OR NOT EXISTS (SELECT FROM review_review v WHERE v.record_id = l.id AND v.step = 'verify_licence' AND v.person_id <> l.author_id))
        """
    ):
        yield f"licence {number or pk} counts without scan or verification"
