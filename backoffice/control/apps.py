from django.apps import AppConfig


class ControlConfig(AppConfig):
    name = "backoffice.control"
    label = "control"
