"""Long work on uploads, done in a worker with progress; the doors are `start_work("check_import", …)` and `"apply_import"`."""

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.jobs.registry import work
from backoffice.jobs.works import Progress
from backoffice.outbox.notices import notify
from backoffice.outbox.topics import topic
from backoffice.sheets import services
from backoffice.sheets.models import APPLIERS, Batch

IMPORT_WAITS = topic(
    "import_waits",
    gettext_lazy("Past documents to be applied by a second person"),
    gettext_lazy("%(who)s brought in past documents (%(what)s): look at them and apply them."),
)


@work("check_import", label=gettext_lazy("Check an import"), whole=False)
def check_import(progress: Progress) -> None:
    batches = services.check_group(uuid.UUID(progress.args["group"]), **watch(progress))
    tell_the_second(progress, batches)
    wrong = sum(batch.wrong_rows for batch in Batch.objects.filter(pk__in=[b.pk for b in batches]))
    end(
        progress,
        _("%(count)d rows to mend") % {"count": wrong} if wrong else _("Everything is right; it can be applied."),
    )


def tell_the_second(progress: Progress, batches: list[Batch]) -> None:
    """Past documents that are right wait for somebody else; those who may apply them are told."""
    now = Batch.objects.filter(pk__in=[batch.pk for batch in batches])
    if batches and all(batch.can_apply for batch in now) and any(batch.is_opening for batch in now):
        titles = "、".join(str(batch.title) for batch in now)
        notify(
            APPLIERS,
            IMPORT_WAITS,
            by=batches[0].uploaded_by,
            url=address(progress),
            what=titles,
            who=batches[0].uploaded_by,
        )


def address(progress: Progress) -> str:
    return reverse("sheets:group", args=[progress.args["group"]])


@work("apply_import", label=gettext_lazy("Apply an import"), whole=False)
def apply_import(progress: Progress) -> None:
    services.apply_group(uuid.UUID(progress.args["group"]), by=progress.by, **watch(progress))
    end(progress, _("Everything is applied."))


def watch(progress: Progress) -> dict[str, object]:
    """Tell the person which sheet it is and how many rows are done."""
    done = {"at": 0}

    def begin(batch: Batch) -> None:
        done["at"] = 0
        progress.step(total=batch.rows, message=str(batch.title))

    def tell(at: int, total: int) -> None:
        at = min(at, total)
        progress.advance(max(0, at - done["at"]))
        done["at"] = max(at, done["at"])

    return {"begin": begin, "tell": tell}


def end(progress: Progress, words: str) -> None:
    progress.result(url=address(progress), message=words)
