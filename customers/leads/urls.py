from django.urls import path

from customers.leads import views

app_name = "leads"
urlpatterns = [
    path("", views.Board.as_view(), name="board"),
    path("list/", views.LeadListPage.as_view(), name="list"),
    path("figures/", views.LeadFigures.as_view(), name="figures"),
    path("new/", views.EditLead.as_view(), name="lead-new"),
    path("<int:pk>/", views.LeadPage.as_view(), name="lead"),
    path("<int:pk>/edit/", views.EditLead.as_view(), name="lead-edit"),
    path("<int:pk>/calls/", views.NewCall.as_view(), name="call-new"),
    path("<int:pk>/move/", views.Move.as_view(), name="lead-move"),
    path("<int:pk>/hand-on/", views.Hand.as_view(), name="lead-hand"),
    path("<int:pk>/give-up/", views.GiveUp.as_view(), name="lead-lost"),
    path("<int:pk>/won/", views.Win.as_view(), name="lead-win"),
    path("offers/", views.OfferListPage.as_view(), name="offers"),
    path("offers/new/", views.EditOffer.as_view(), name="offer-new"),
    path("offers/<int:pk>/", views.OfferPage.as_view(), name="offer"),
    path("offers/<int:pk>/edit/", views.EditOffer.as_view(), name="offer-edit"),
    path("offers/<int:pk>/publish/", views.PublishOffer.as_view(), name="offer-publish"),
]
