"""The mail of the day falls due while people have long work done."""

from datetime import timedelta

from backoffice.jobs.models import Work
from backoffice.jobs.works import cancel_work, start_work

from ..declare import Outcome, Run, fault
from ..mails import LAST_DAY, findings, is_settled, make_readers, owe
from ..program import program_on, wait_until
from ..slow import SLOW

LONG_WORKS, SECONDS, WITHIN = 4, 300, 30


def mails_beside_long_work(run: Run, *queues: str) -> Outcome:
    """Four imports of five minutes are asked for, then a day falls due; bad is what did not leave within half a minute."""
    readers, periods, wrong, waits = make_readers(), [], [], []
    with program_on(run.place, FAULTS_TICK="1") as program:
        program.mail_server()
        for number, queue in enumerate(queues):
            program.worker(f"worker{number}", queue)
        for _work in range(LONG_WORKS):
            start_work(SLOW, by=readers[0], seconds=SECONDS)
        program.beat()
        wait_until(lambda: Work.objects.filter(state="running").exists())
        run.set_out()
        for number in run.rounds():
            period = owe(LAST_DAY - timedelta(days=number))
            periods.append(period)
            waits.append(wait_until(lambda period=period: is_settled([period]), WITHIN))  # type: ignore[misc]
            wrong += [period] if waits[-1] >= WITHIN else []
        for work in Work.objects.unfinished():
            cancel_work(work)
        if not wrong:
            wrong += findings(program, readers, periods)
    return Outcome(len(periods), len(wrong), "; ".join([f"handed over after {max(waits):.0f} s at most", *wrong[:5]]))


def in_one_queue(run: Run) -> Outcome:
    """All workers take everything, as it was."""
    return mails_beside_long_work(run, "celery,long")


@fault(8, "handed over within 30 s", short=0, full=5, budget=60, control=in_one_queue, control_times=1)
def long_work_fills_its_workers_when_the_mail_falls_due(run: Run) -> Outcome:
    return mails_beside_long_work(run, "celery", "long")
