from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("today/", views.Workbench.as_view(), name="workbench"),
    path("dashboard/", views.Dashboard.as_view(), name="dashboard"),
    path("daily/", views.DailyPage.as_view(), name="daily"),
    path("sales/", views.SalesPage.as_view(), name="sales"),
    path("contracts/", views.ContractsPage.as_view(), name="contracts"),
    path("targets/", views.TargetsPage.as_view(), name="targets"),
    path("issued/", views.IssuedListPage.as_view(), name="issued"),
    path("issued/<int:pk>/", views.IssuedPage.as_view(), name="issued-report"),
    path("issued/<int:pk>/again/", views.ReviseIssued.as_view(), name="issued-revise"),
    path("issued/<int:pk>/<slug:what>/", views.IssuedFile.as_view(), name="issued-file"),
]
