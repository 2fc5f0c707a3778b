from django.urls import path

from invoices import views

app_name = "invoices"
urlpatterns = [
    path("", views.InvoiceListPage.as_view(), name="list"),
    path("<int:pk>/", views.InvoicePage.as_view(), name="invoice"),
    path("<int:pk>/pdf/", views.InvoicePdf.as_view(), name="invoice-pdf"),
    path("applications/", views.ApplicationListPage.as_view(), name="applications"),
    path("applications/new/", views.ApplicationNew.as_view(), name="billing_application-new"),
    path("applications/<int:pk>/", views.ApplicationPage.as_view(), name="billing_application"),
    path("applications/<int:pk>/edit/", views.ApplicationEdit.as_view(), name="billing_application-edit"),
    path("payments/", views.PaymentListPage.as_view(), name="payments"),
    path("payments/new/", views.PaymentEdit.as_view(), name="payment-new"),
    path("payments/<int:pk>/", views.PaymentPage.as_view(), name="payment"),
    path("payments/<int:pk>/edit/", views.PaymentEdit.as_view(), name="payment-edit"),
    path("payments/<int:pk>/allocate/", views.AllocatePage.as_view(), name="allocate"),
    path("allocations/<int:pk>/undo/", views.UndoAllocation.as_view(), name="undo-allocation"),
    path("ageing/", views.AgeingPage.as_view(), name="ageing"),
    path("reconciliation/", views.ReconciliationPage.as_view(), name="reconciliation"),
    path("accounts/<int:pk>/", views.AccountPage.as_view(), name="account"),
]
