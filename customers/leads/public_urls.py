"""What anybody may open: the current offers, one offer with its form, and the thanks."""

from django.urls import path

from customers.leads import public

app_name = "offers"
urlpatterns = [
    path("offers/", public.CurrentOffers.as_view(), name="current"),
    path("offers/<slug:code>/", public.PublicOffer.as_view(), name="offer"),
    path("offers/<slug:code>/thanks/", public.Thanks.as_view(), name="thanks"),
]
