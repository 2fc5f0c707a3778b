from django.urls import path

from shipments import views

app_name = "shipments"
urlpatterns = [
    path("", views.ShipmentListPage.as_view(), name="list"),
    path("day/", views.DayPage.as_view(), name="day"),
    path("money/", views.MoneyPage.as_view(), name="money"),
    path("new/", views.ShipmentNew.as_view(), name="shipment-new"),
    path("tracking/", views.TrackingPage.as_view(), name="tracking"),
    path("of-order/<int:pk>/", views.ShipOrder.as_view(), name="ship-order"),
    path("<int:pk>/", views.ShipmentPage.as_view(), name="shipment"),
    path("<int:pk>/edit/", views.ShipmentEdit.as_view(), name="shipment-edit"),
    path("<int:pk>/delivery-note.pdf", views.DeliveryNote.as_view(), name="delivery-note"),
    path("<int:pk>/tracking/", views.TrackOne.as_view(), name="track"),
    path("<int:pk>/clear/", views.ClearShipment.as_view(), name="clear"),
    path("<int:pk>/release/", views.ReleaseShipment.as_view(), name="release"),
    path("<int:pk>/release-papers/", views.ReleasePapers.as_view(), name="release-papers"),
]
