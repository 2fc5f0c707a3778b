"""The queue is gone: people enter, review and post over HTTP as ever; what was asked for meanwhile is done when it is back."""

from backoffice.jobs.models import Work, WorkState
from backoffice.jobs.works import start_work
from backoffice.ledger.models import Entry
from orders.models import Order
from shipments.models import Shipment
from tests.making_shipments import House, make_house

from ..browser import Answer, Browser, order_form, words_of
from ..declare import Outcome, Run, fault
from ..mails import LAST_DAY, findings, is_settled, make_readers, owe
from ..program import PATIENCE, program_on

LONGEST = 3.0  # seconds within which a click is answered, queue or no queue
DESKS = ("assistant", "manager", "second", "warehouse")


@fault(9, "every click answered within 3 s; what was queued is done within 60 s", short=1, full=5, budget=90)
def the_queue_is_gone_and_work_goes_on(run: Run) -> Outcome:
    """With Redis killed: orders entered, approved, shipped, dispatched and posted; an export and the mail of the day owed."""
    house, readers, answers, wrong, waits = make_house(), make_readers(), [], [], []
    waiting = Work.objects.unfinished()
    period = owe(LAST_DAY)
    with program_on(run.place, FAULTS_TICK="1") as program:
        run.place.kill("valkey")
        program.web()
        run.place.revive("valkey")
        program.mail_worker_and_clock()
        desks = {name: Browser(program.web_port, getattr(house, name)) for name in DESKS}
        a_deal(desks, house)  # everything has been opened once
        before = Entry.objects.count()
        run.set_out()
        for _round in run.rounds():
            run.place.kill("valkey")
            start_work("export_list", by=house.assistant, list="orders", query="", form="xlsx")
            answers += a_deal(desks, house)
            run.place.revive("valkey")
            waits.append(program.supervised(lambda: is_settled([period]) and not waiting.exists(), PATIENCE))
        rounds = len(waits)
        wrong += findings(program, readers, [period])
    slowest = max(answer.seconds for answer in answers)
    wrong += [
        f"{answer.status} in {answer.seconds:.1f} s {words_of(answer)}" for answer in answers if not is_well(answer)
    ]
    wrong += [f"work is {work.state}: {work.error}" for work in Work.objects.exclude(state=WorkState.DONE)]
    wrong += [] if max(waits) < PATIENCE else [f"done only after {max(waits):.0f} s"]
    stands = (Order.objects.filter(state="done").count(), Shipment.objects.filter(state="dispatched").count())
    posted = Entry.objects.count() - before
    wrong += [] if stands == (rounds + 1, rounds + 1) and posted >= rounds else [f"{stands}, {posted} posted"]
    words = f"slowest click {slowest:.1f} s, {posted} entries posted, queued work done after {max(waits):.0f} s at most"
    return Outcome(len(answers), len(wrong), "; ".join([words, *program.told_of_falls(), *wrong[:5]]))


def is_well(answer: Answer) -> bool:
    return answer.status == 302 and answer.seconds < LONGEST


def a_deal(desks: dict[str, Browser], house: House) -> list[Answer]:
    """From the typed order to goods that leave, each step by whoever may take it."""
    entered = desks["assistant"].post(
        "/orders/new/", **order_form(house.customer, house.goods, house.place, then="submit")
    )
    approved = desks["manager"].review(entered.pk, "approve_order")
    made = desks["assistant"].post(f"/shipments/of-order/{entered.pk}/")
    steps = [
        desks["assistant"].step(made.pk, "submit_shipment"),
        desks["manager"].review(made.pk, "review_shipment"),
        desks["second"].review(made.pk, "review_shipment"),
        desks["warehouse"].step(made.pk, "dispatch_shipment"),
    ]
    return [entered, approved, made, *steps]
