"""What finance and the assistant look at about debts: the ageing with its bars, the statement letter of one customer."""

import pytest
from django.conf import settings
from django.utils.translation import override

from backoffice.pages import report
from tests.making_invoices import issued_invoice, shipped_house

pytestmark = [pytest.mark.django_db, pytest.mark.duty("I4", "I6")]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_ageing_shows_bars_and_a_row_of_each_customer(client, finance, language):
    finance.language = language
    finance.save(update_fields=["language"])
    house = shipped_house()
    issued_invoice(house)
    client.force_login(finance)
    page = client.get("/invoices/ageing/").content.decode()
    assert 'data-chart="' in page and f"/invoices/accounts/{house.customer.party_id}/" in page


def test_a_statement_letter_is_a_paper_in_the_companys_language(client, finance, monkeypatch):
    house = shipped_house()
    invoice = issued_invoice(house)
    client.force_login(finance)
    printed = []
    monkeypatch.setattr(report, "render_pdf", lambda *given: printed.append(given) or b"%PDF")
    address = f"/invoices/accounts/{house.customer.party_id}/?period={invoice.issued_on:%Y}"
    assert "export=pdf" in client.get(address).content.decode()
    answer = client.get(f"{address}&export=pdf")
    assert answer["Content-Type"] == "application/pdf"
    template, context, language = printed[0]
    assert (template, language) == ("statement", settings.LANGUAGE_CODE)
    assert context["statement"].closing == invoice.amount
    with override(language):
        assert str(context["heading"]) == "往来对账单"
