from django.urls import path

from customers.visits.views import figures, planning, plans, receptions, talks

app_name = "visits"
urlpatterns = [
    path("", talks.TodayPage.as_view(), name="today"),
    path("all/", talks.VisitListPage.as_view(), name="list"),
    path("<int:pk>/", talks.VisitPage.as_view(), name="visit"),
    path("<int:pk>/make/", talks.MakeVisit.as_view(), name="make"),
    path("<int:pk>/put-off/", planning.PutOff.as_view(), name="put-off"),
    path("<int:pk>/drop/", planning.Drop.as_view(), name="drop"),
    path("of/<int:customer>/talk/", talks.RecordTalk.as_view(), name="talk"),
    path("of/<int:customer>/plan/", planning.PlanVisit.as_view(), name="visit-new"),
    path("of/<int:customer>/wish/", planning.NewWish.as_view(), name="wish-new"),
    path("wishes/<int:pk>/", planning.EditWish.as_view(), name="wish-edit"),
    path("rhythms/", planning.RhythmsPage.as_view(), name="rhythms"),
    path("calendar/", figures.CalendarPage.as_view(), name="calendar"),
    path("figures/", figures.FiguresPage.as_view(), name="figures"),
    path("plans/", plans.PlanListPage.as_view(), name="call_plan-list"),
    path("plans/new/", plans.PlanEdit.as_view(), name="call_plan-new"),
    path("plans/<int:pk>/", plans.PlanPage.as_view(), name="call_plan"),
    path("plans/<int:pk>/edit/", plans.PlanEdit.as_view(), name="call_plan-edit"),
    path("plans/<int:pk>/add/", plans.AddCustomers.as_view(), name="plan-add"),
    path("plans/<int:pk>/close/", plans.ClosePlan.as_view(), name="plan-close"),
    path("receptions/", receptions.ReceptionListPage.as_view(), name="reception-list"),
    path("receptions/new/", receptions.ReceptionEdit.as_view(), name="reception-new"),
    path("receptions/<int:pk>/", receptions.ReceptionPage.as_view(), name="reception"),
    path("receptions/<int:pk>/edit/", receptions.ReceptionEdit.as_view(), name="reception-edit"),
]
