from django.urls import path

from orders import views

app_name = "orders"
urlpatterns = [
    path("", views.OrderListPage.as_view(), name="list"),
    path("new/", views.OrderEdit.as_view(), name="order-new"),
    path("<int:pk>/", views.OrderPage.as_view(), name="order"),
    path("<int:pk>/edit/", views.OrderEdit.as_view(), name="order-edit"),
    path("<int:pk>/pdf/", views.OrderPdf.as_view(), name="order-pdf"),
]
