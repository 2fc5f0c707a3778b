from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "backoffice.pages"
    label = "pages"
