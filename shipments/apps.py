from django.apps import AppConfig


class ShipmentsConfig(AppConfig):
    name = "shipments"

    def ready(self) -> None:
        from shipments import checks, handlers, services  # noqa: F401  (they register themselves)
