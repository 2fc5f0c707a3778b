"""The bare address."""

from django.urls import path

from reports.views import Home

urlpatterns = [path("", Home.as_view(), name="home")]
