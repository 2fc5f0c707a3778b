from django.urls import path

from customers.market import views

app_name = "market"
urlpatterns = [
    path("", views.MarketNoteListPage.as_view(), name="list"),
    path("new/", views.EditNote.as_view(), name="note-new"),
    path("<int:pk>/", views.NotePage.as_view(), name="note"),
    path("<int:pk>/edit/", views.EditNote.as_view(), name="note-edit"),
    path("competitors/", views.CompetitorListPage.as_view(), name="competitor-list"),
    path("competitors/new/", views.EditCompetitor.as_view(), name="competitor-new"),
    path("competitors/<int:pk>/", views.CompetitorPage.as_view(), name="competitor"),
    path("competitors/<int:pk>/edit/", views.EditCompetitor.as_view(), name="competitor-edit"),
    path("briefs/", views.BriefListPage.as_view(), name="brief-list"),
    path("briefs/<int:pk>/", views.BriefPage.as_view(), name="brief"),
    path("prices/", views.PricesPage.as_view(), name="prices"),
]
