from django.apps import AppConfig


class BidsConfig(AppConfig):
    name = "contracts.bids"
