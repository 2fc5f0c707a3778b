"""PostgreSQL is killed under load: what was acknowledged stands, once; the program comes back by itself."""

import time
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection

from backoffice.jobs.models import DueRun, RunState
from orders.models import Order

from ..declare import Outcome, Run, fault
from ..mails import JOB, LAST_DAY, owe
from ..office import BACK_WITHIN, WRITERS, Office, office_at_work
from ..program import PATIENCE, wait_until


@dataclass
class Losses:
    """How often the office lost its server, how long until it wrote again, and the reports owed meanwhile."""

    run: Run
    office: Office
    backs: list[float] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)

    def lose_the_server(self, seconds: float = 0) -> None:
        """kill -9, away for so long, put up again; how long until everybody writes."""
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")  # what we ourselves ask for must not be lost either
        self.periods.append(owe(LAST_DAY - timedelta(days=len(self.periods))))
        self.run.place.kill("postgres")
        time.sleep(seconds)
        self.run.place.revive("postgres")
        connection.close()  # ours broke too
        self.backs.append(self.office.all_write_again())

    def judged(self) -> Outcome:
        wait_until(lambda: self.unfinished() == 0, PATIENCE)
        wrong = self.what_is_wrong()
        words = f"{len(self.office.acknowledged)} orders acknowledged; all write again after {max(self.backs):.1f} s at most"
        return Outcome(len(self.backs), len(wrong), "; ".join([f"{words}; meanwhile {self.office.errors}", *wrong[:5]]))

    def unfinished(self) -> int:
        done = DueRun.objects.filter(job=JOB, period__in=self.periods, state=RunState.DONE)
        return len(self.periods) - done.count()

    def what_is_wrong(self) -> list[str]:
        acknowledged = self.office.acknowledged
        stand = set(Order.objects.filter(pk__in=acknowledged).exclude(state="draft").values_list("pk", flat=True))
        found = [f"order {pk} was acknowledged and is lost" for pk in acknowledged if pk not in stand]
        found += ["two forms led to one order"] if len(set(acknowledged)) != len(acknowledged) else []
        extra = Order.objects.exclude(pk__in=acknowledged).count()
        found += [f"{extra} orders too many"] if extra > WRITERS else []  # each may have had one on its way at the end
        found += [f"back only after {seconds:.0f} s" for seconds in self.backs if seconds > BACK_WITHIN]
        found += [f"{self.unfinished()} reports not issued"] if self.unfinished() else []
        return found + self.office.what_fell()


@fault(9, "0 acknowledged writes lost or doubled; back within 30 s without a restart", short=1, full=20, budget=150)
def postgresql_is_killed_under_load(run: Run) -> Outcome:
    """kill -9 of the server while four people enter orders and a worker issues reports; web and worker are not touched."""
    with office_at_work(run) as office:
        losses = Losses(run, office)
        for _round in run.rounds():
            time.sleep(0.5 + run.random.random())
            losses.lose_the_server()
        office.end_of_day()
        return losses.judged()


@fault(9, "0 acknowledged writes lost or doubled; back within 30 s without a restart", short=0, full=34, budget=150)
def postgresql_is_away_for_so_many_seconds(run: Run) -> Outcome:
    """Long enough for whoever waits twice as long after each failure to wait too long."""
    with office_at_work(run) as office:
        losses = Losses(run, office)
        losses.lose_the_server(run.times)
        office.end_of_day()
        return losses.judged()
