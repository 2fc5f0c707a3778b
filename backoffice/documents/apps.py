from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "backoffice.documents"
    label = "documents"

    def ready(self) -> None:
        from backoffice.documents import enforcement  # noqa: F401  (declares the triggers)
