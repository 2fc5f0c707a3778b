from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "backoffice.files"
    label = "files"
