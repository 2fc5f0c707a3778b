"""What must hold of papers that go along, whoever wrote them."""

from collections.abc import Iterator

from backoffice.database.checks import checks_books, rows


@checks_books("papers.issued")
def issued_ones_say_what_they_must() -> Iterator[str]:
    """An issued paper of an uploaded kind has its file; a report has its tests, each with what was found (K6)."""
    for number, made in rows(
        """
        SELECT coalesce(p.number, p.id::text), k.made FROM papers_paper p JOIN papers_paperkind k ON k.id = p.paper_kind_id
         WHERE p.state IN ('issued', 'void') AND (
               k.made = 'uploaded' AND NOT EXISTS (SELECT FROM files_file f WHERE f.record_id = p.id)
            OR k.made = 'report' AND (NOT EXISTS (SELECT FROM papers_paperitem i WHERE i.paper_id = p.id)
                                      OR EXISTS (SELECT FROM papers_paperitem i WHERE i.paper_id = p.id AND i.found = '')))
        """
    ):
        yield f"paper {number}: issued as «{made}» without its content"
