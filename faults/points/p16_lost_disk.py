"""The disk of the server is lost: what was acknowledged a minute before is put back from the base and the log."""

import time

from orders.models import Order

from ..declare import Outcome, Run, fault
from ..kept_log import HAND_OVER, SECONDS, log_kept
from ..office import BACK_WITHIN, office_at_work


def without_the_log_since(run: Run) -> Outcome:
    """Only what a nightly backup would bring back."""
    return lose_disks(run, since_base=False)


@fault(
    16,
    "the server's disk lost, base and log put onto an empty one: 0 of the orders acknowledged a minute before are lost",
    short=0,
    full=1,
    budget=60,
    control=without_the_log_since,
    control_times=1,
)
def the_disk_of_the_server_is_lost(run: Run) -> Outcome:
    """While four people write, base and loss alike; the minute is twelve seconds here. Web and worker are not touched."""
    return lose_disks(run, since_base=True)


def lose_disks(run: Run, *, since_base: bool) -> Outcome:
    told, wrong, gone = [], [], set[int]()  # gone: what was written too late to have left the house
    with log_kept(run.place) as log, office_at_work(run) as office:
        for _round in run.rounds():
            log.make_base()
            time.sleep(1 + run.random.random())
            kept = set(office.acknowledged) - gone
            time.sleep(SECONDS + HAND_OVER)
            written = set(office.acknowledged)
            log.lose_the_disk()
            began = time.monotonic()
            log.put_back(since_base=since_base)
            took, late = time.monotonic() - began, office.all_write_again()
            there = set(Order.objects.filter(pk__in=written).exclude(state="draft").values_list("pk", flat=True))
            gone |= written - there
            lost = kept - there
            wrong += [f"{len(lost)} orders are lost, back after {late:.1f} s"] if lost or late > BACK_WITHIN else []
            told.append(
                f"{len(kept)} of {len(written)} orders had to be there; back in {took:.1f} s, written to after {late:.1f} s"
            )
        office.end_of_day()
        fell = office.what_fell()
    return Outcome(len(told), len(wrong) + len(fell), "; ".join([told[-1], *wrong, *fell][:6]))
