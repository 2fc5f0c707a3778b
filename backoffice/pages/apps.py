from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PagesConfig(AppConfig):
    name = "backoffice.pages"
    label = "pages"

    def ready(self):
        autodiscover_modules("panels")
