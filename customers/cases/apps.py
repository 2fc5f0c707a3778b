from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "customers.cases"
