"""Long work that only takes its time."""

import time

from backoffice.jobs.registry import work
from backoffice.jobs.works import Progress

SLOW = "faults_slow"


@work(SLOW, label="Something slow")
def take_time(progress: Progress) -> None:
    for _tenth in range(int(progress.args["seconds"] * 10)):
        progress.advance()
        time.sleep(0.1)
