from django.urls import path

from customers.cases import views

app_name = "cases"
urlpatterns = [
    path("", views.CaseListPage.as_view(), name="list"),
    path("new/", views.EditCase.as_view(), name="case-new"),
    path("figures/", views.CaseFigures.as_view(), name="figures"),
    path("categories/", views.CategoryListPage.as_view(), name="categories"),
    path("categories/new/", views.EditCategory.as_view(), name="category-new"),
    path("categories/<int:pk>/", views.EditCategory.as_view(), name="category"),
    path("<int:pk>/", views.CasePage.as_view(), name="case"),
    path("<int:pk>/edit/", views.EditCase.as_view(), name="case-edit"),
    path("<int:pk>/entries/", views.NewEntry.as_view(), name="entry-new"),
]
