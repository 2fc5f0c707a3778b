from django.urls import path

from . import frame, step

app_name = "pages"
urlpatterns = [
    path("find/", frame.FindPage.as_view(), name="find"),
    path("panels/<slug:name>/<int:pk>/", frame.PanelPage.as_view(), name="panel"),
    path("look-up/<slug:name>/", frame.LookupAnswer.as_view(), name="lookup"),
    path("typed/", frame.TypedAnswer.as_view(), name="typed"),
    path("documents/<int:pk>/", frame.DocumentDoor.as_view(), name="document"),
    path("documents/<int:pk>/review/", step.ReviewPage.as_view(), name="review"),
    path("documents/<int:pk>/<slug:step>/", step.StepPage.as_view(), name="step"),
    path("me/", frame.PreferencesPage.as_view(), name="preferences"),
    path("public/language/", frame.choose_language, name="language"),
    path("me/preference/", frame.PreferenceSwitch.as_view(), name="preference"),
    path("me/notifications/", frame.InboxDoor.as_view(), name="inbox"),
]
