from django.urls import path

from backoffice.ledger import views

app_name = "ledger"
urlpatterns = [
    path("entries/", views.EntriesPage.as_view(), name="entries"),
    path("lines/", views.LinesPage.as_view(), name="lines"),
    path("entries/<int:pk>/", views.EntryPage.as_view(), name="entry"),
    path("trial-balance/", views.TrialPage.as_view(), name="trial"),
    path("accounts/", views.AccountsPage.as_view(), name="accounts"),
    path("accounts/<str:code>/", views.AccountPage.as_view(), name="account"),
    path("rules/", views.RulesPage.as_view(), name="rules"),
    path("months/", views.MonthsPage.as_view(), name="months"),
    path("months/<int:pk>/", views.MonthPage.as_view(), name="month"),
]
