from django.urls import path

from contracts import views

app_name = "contracts"
urlpatterns = [
    path("", views.ContractListPage.as_view(), name="list"),
    path("new/", views.ContractEdit.as_view(), name="contract-new"),
    path("<int:pk>/", views.ContractPage.as_view(), name="contract"),
    path("<int:pk>/edit/", views.ContractEdit.as_view(), name="contract-edit"),
    path("<int:pk>/pdf/", views.ContractPdf.as_view(), name="contract-pdf"),
    path("<int:pk>/performance/", views.PerformancePage.as_view(), name="performance"),
    path("<int:pk>/performance/pdf/", views.PerformancePdf.as_view(), name="performance-pdf"),
    path("<int:pk>/performance/customer/", views.PerformanceForCustomer.as_view(), name="performance-customer"),
    path("<int:pk>/performance/excel/", views.PerformanceWorkbook.as_view(), name="performance-xlsx"),
]
