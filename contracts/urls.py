from django.urls import path

from contracts.views import amendments, performance, templates
from contracts.views import contracts as views

app_name = "contracts"
urlpatterns = [
    path("", views.ContractListPage.as_view(), name="list"),
    path("new/", views.ContractEdit.as_view(), name="contract-new"),
    path("<int:pk>/", views.ContractPage.as_view(), name="contract"),
    path("<int:pk>/edit/", views.ContractEdit.as_view(), name="contract-edit"),
    path("<int:pk>/pdf/", views.ContractPdf.as_view(), name="contract-pdf"),
    path("<int:pk>/archive/", views.MoveInArchive.as_view(), name="archive-place"),
    path("<int:pk>/editions/<int:number>/", amendments.EditionPage.as_view(), name="edition"),
    path("<int:contract>/amend/", amendments.AmendmentEdit.as_view(), name="amendment-new"),
    path("amendments/", amendments.AmendmentListPage.as_view(), name="amendments"),
    path("amendments/<int:pk>/", amendments.AmendmentPage.as_view(), name="amendment"),
    path("amendments/<int:pk>/edit/", amendments.AmendmentEdit.as_view(), name="amendment-edit"),
    path("amendments/<int:pk>/pdf/", amendments.AmendmentPdf.as_view(), name="amendment-pdf"),
    path("templates/", templates.TemplateListPage.as_view(), name="templates"),
    path("templates/new/", templates.TemplateEdit.as_view(), name="template-new"),
    path("templates/<int:pk>/", templates.TemplatePage.as_view(), name="template"),
    path("templates/<int:pk>/edit/", templates.TemplateEdit.as_view(), name="template-edit"),
    path("performance/", performance.PerformanceListPage.as_view(), name="performance-list"),
    path("<int:pk>/performance/", performance.PerformancePage.as_view(), name="performance"),
    path("<int:pk>/performance/pdf/", performance.PerformancePdf.as_view(), name="performance-pdf"),
    path("<int:pk>/performance/customer/", performance.PerformanceForCustomer.as_view(), name="performance-customer"),
    path("<int:pk>/performance/excel/", performance.PerformanceWorkbook.as_view(), name="performance-xlsx"),
    path("<int:pk>/performance/of/<slug:figure>/", performance.PerformanceParts.as_view(), name="performance-parts"),
]
