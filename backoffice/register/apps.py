from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "backoffice.register"
    label = "register"
