from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ControlConfig(AppConfig):
    name = "backoffice.control"
    label = "control"

    def ready(self) -> None:
        from backoffice.control import handlers

        handlers.register()
        autodiscover_modules("checks")  # every app's checks of the books
