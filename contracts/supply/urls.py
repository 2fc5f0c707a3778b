from django.urls import path

from contracts.supply import views

app_name = "supply"
urlpatterns = [
    path("", views.SupplyListPage.as_view(), name="list"),
    path("new/", views.SupplyEdit.as_view(), name="supply_request-new"),
    path("<int:pk>/", views.SupplyPage.as_view(), name="supply_request"),
    path("<int:pk>/edit/", views.SupplyEdit.as_view(), name="supply_request-edit"),
    path("<int:pk>/pdf/", views.SupplyPdf.as_view(), name="supply_request-pdf"),
]
