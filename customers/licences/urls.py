from django.urls import path

from customers.licences import views

app_name = "licences"
urlpatterns = [
    path("", views.LicenceListPage.as_view(), name="list"),
    path("new/", views.EditLicence.as_view(), name="licence-new"),
    path("<int:pk>/", views.LicencePage.as_view(), name="licence"),
    path("<int:pk>/edit/", views.EditLicence.as_view(), name="licence-edit"),
    path("kinds/", views.KindListPage.as_view(), name="kinds"),
    path("kinds/new/", views.EditKind.as_view(), name="kind-new"),
    path("kinds/<int:pk>/", views.EditKind.as_view(), name="kind"),
]
