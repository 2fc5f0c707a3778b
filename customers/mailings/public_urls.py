from django.urls import path

from customers.mailings.views import public

app_name = "told"
urlpatterns = [
    path("state/<slug:key>/", public.StatePage.as_view(), name="state"),
    path("no-mailings/<slug:key>/", public.OptOutPage.as_view(), name="opt-out"),
]
