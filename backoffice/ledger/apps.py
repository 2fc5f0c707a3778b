from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "backoffice.ledger"
    label = "ledger"
