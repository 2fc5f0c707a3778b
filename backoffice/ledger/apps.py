from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "backoffice.ledger"
    label = "ledger"

    def ready(self) -> None:
        from backoffice.ledger import install  # noqa: F401  (declares the default rows)
