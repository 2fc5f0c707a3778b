from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "backoffice.sheets"
    label = "sheets"
