from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "backoffice.stock"
    label = "stock"
