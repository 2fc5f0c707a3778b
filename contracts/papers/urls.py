from django.urls import path

from contracts.papers.views import formalities, papers

app_name = "papers"
urlpatterns = [
    path("", papers.PaperListPage.as_view(), name="list"),
    path("new/", papers.EditPaper.as_view(), name="paper-new"),
    path("report/", papers.EditReport.as_view(), name="report-new"),
    path("<int:pk>/", papers.PaperPage.as_view(), name="paper"),
    path("<int:pk>/edit/", papers.EditPaper.as_view(), name="paper-edit"),
    path("<int:pk>/report/", papers.EditReport.as_view(), name="report-edit"),
    path("<int:pk>/pdf/", papers.PaperPdf.as_view(), name="paper-pdf"),
    path("with/<int:record>/certificates/", papers.MakeCertificates.as_view(), name="make-certificates"),
    path("kinds/", papers.KindListPage.as_view(), name="kinds"),
    path("kinds/new/", papers.EditKind.as_view(), name="kind-new"),
    path("kinds/<int:pk>/", papers.EditKind.as_view(), name="kind"),
    path("rules/", papers.RuleListPage.as_view(), name="rules"),
    path("rules/new/", papers.EditRule.as_view(), name="rule-new"),
    path("rules/<int:pk>/", papers.EditRule.as_view(), name="rule"),
    path("rules/<int:pk>/remove/", papers.RemoveRule.as_view(), name="rule-remove"),
    path("formalities/", formalities.FormalityListPage.as_view(), name="formalities"),
    path("formalities/new/", formalities.NewFormality.as_view(), name="formality-new"),
    path("formalities/<int:pk>/", formalities.EditFormality.as_view(), name="formality"),
    path("formalities/<int:pk>/finish/", formalities.FinishFormality.as_view(), name="formality-finish"),
    path("checklists/", formalities.StepListPage.as_view(), name="steps"),
    path("checklists/new/", formalities.EditStep.as_view(), name="step-new"),
    path("checklists/<int:pk>/", formalities.EditStep.as_view(), name="step"),
]
