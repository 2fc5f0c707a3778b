from django.apps import AppConfig


class MailingsConfig(AppConfig):
    name = "customers.mailings"
