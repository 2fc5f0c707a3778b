from django.apps import AppConfig


class SupplyConfig(AppConfig):
    name = "contracts.supply"

    def ready(self) -> None:
        from contracts.supply import services  # noqa: F401  (the gates are known from the start)
