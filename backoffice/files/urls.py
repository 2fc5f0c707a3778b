from django.urls import path

from .views import Download, Remove, Upload

app_name = "files"
urlpatterns = [
    path("<str:key>/", Download.as_view(), name="download"),
    path("<str:key>/remove/", Remove.as_view(), name="remove"),
    path("of/<int:record>/add/", Upload.as_view(), name="upload"),
]
