from django.urls import path

from contracts.quotations import views

app_name = "quotations"
urlpatterns = [
    path("", views.QuotationListPage.as_view(), name="list"),
    path("new/", views.QuotationEdit.as_view(), name="quotation-new"),
    path("figures/", views.QuotationFigures.as_view(), name="figures"),
    path("<int:pk>/", views.QuotationPage.as_view(), name="quotation"),
    path("<int:pk>/edit/", views.QuotationEdit.as_view(), name="quotation-edit"),
    path("<int:previous>/next/", views.QuotationEdit.as_view(), name="version-new"),
    path("<int:pk>/pdf/", views.QuotationPdf.as_view(), name="quotation-pdf"),
]
