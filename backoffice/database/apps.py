from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "backoffice.database"
    label = "database"
