from django.urls import path

from backoffice.sheets import mapping, views

app_name = "sheets"
urlpatterns = [
    path("", views.OverviewPage.as_view(), name="overview"),
    path("all/", views.BatchListPage.as_view(), name="list"),
    path("template/<slug:kind>.xlsx", views.TemplateWorkbook.as_view(), name="template"),
    path("sheet/<int:pk>/columns/", mapping.MappingPage.as_view(), name="mapping"),
    path("sheet/<int:pk>/errors.xlsx", views.MarkedWorkbook.as_view(), name="marked"),
    path("<uuid:group>/", views.GroupPage.as_view(), name="group"),
]
