from django.urls import path

from backoffice.stock import views

app_name = "stock"
urlpatterns = [
    path("", views.LevelListPage.as_view(), name="list"),
    path("on-day/", views.StockOnDayPage.as_view(), name="on-day"),
    path("movements/", views.MovementListPage.as_view(), name="movement-list"),
    path("products/", views.ProductListPage.as_view(), name="product-list"),
    path("products/new/", views.EditProduct.as_view(), name="product-new"),
    path("products/<int:pk>/", views.ProductPage.as_view(), name="product"),
    path("products/<int:pk>/edit/", views.EditProduct.as_view(), name="product-edit"),
    path("lines/", views.CategoryListPage.as_view(), name="category-list"),
    path("lines/new/", views.EditCategory.as_view(), name="category-new"),
    path("lines/<int:pk>/", views.EditCategory.as_view(), name="category"),
    path("units/", views.UnitListPage.as_view(), name="unit-list"),
    path("units/new/", views.EditUnit.as_view(), name="unit-new"),
    path("units/<int:pk>/", views.EditUnit.as_view(), name="unit"),
    path("warehouses/", views.WarehouseListPage.as_view(), name="warehouse-list"),
    path("warehouses/new/", views.EditWarehouse.as_view(), name="warehouse-new"),
    path("warehouses/<int:pk>/", views.EditWarehouse.as_view(), name="warehouse"),
]
