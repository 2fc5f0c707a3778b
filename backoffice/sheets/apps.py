from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SheetsConfig(AppConfig):
    name = "backoffice.sheets"
    label = "sheets"

    def ready(self) -> None:
        autodiscover_modules("sheets")
