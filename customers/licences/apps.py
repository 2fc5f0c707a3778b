from django.apps import AppConfig


class LicencesConfig(AppConfig):
    name = "customers.licences"
