from django.urls import path

from .views import accounts, changes, exports, health, holidays, jobs, notices, numbers, outbox, policies, works

app_name = "control"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("status/", health.StatusPage.as_view(), name="status"),
    path("jobs/", jobs.JobsPage.as_view(), name="jobs"),
    path("jobs/<str:name>/", jobs.JobPage.as_view(), name="job"),
    path("jobs/<str:name>/last/", jobs.RunLast.as_view(), name="job-last"),
    path("jobs/<str:name>/<str:period>/again/", jobs.RunAgain.as_view(), name="job-again"),
    path("exports/", exports.ExportsPage.as_view(), name="exports"),
    path("outbox/", outbox.MailsPage.as_view(), name="mails"),
    path("outbox/<int:pk>/", outbox.MailPage.as_view(), name="mail"),
    path("outbox/<int:pk>/looked/", outbox.MailAsItLooked.as_view(), name="mail-looked"),
    path("outbox/<int:pk>/files/<int:attachment>/", outbox.MailFile.as_view(), name="mail-file"),
    path("outbox/<int:pk>/again/", outbox.MailAgain.as_view(), name="mail-again"),
    path("works/", works.WorksPage.as_view(), name="works"),
    path("works/<int:pk>/", works.WorkPage.as_view(), name="work"),
    path("works/<int:pk>/progress/", works.WorkProgress.as_view(), name="work-progress"),
    path("works/<int:pk>/stop/", works.WorkStop.as_view(), name="work-stop"),
    path("notifications/", notices.NotificationsPage.as_view(), name="notifications"),
    path("notifications/wishes/", notices.WishesPage.as_view(), name="wishes"),
    path("notifications/<uuid:pk>/", notices.NotificationOpen.as_view(), name="notification"),
    path("holidays/", holidays.HolidaysPage.as_view(), name="holidays"),
    path("holidays/switch/", holidays.HolidaySwitch.as_view(), name="holiday-switch"),
    path("control/people/", accounts.AccountsPage.as_view(), name="accounts"),
    path("control/people/new/", accounts.AccountEdit.as_view(), name="account-new"),
    path("control/people/<int:pk>/", accounts.AccountEdit.as_view(), name="account"),
    path("control/people/<int:pk>/password/", accounts.PasswordPage.as_view(), name="account-password"),
    path("control/policies/", policies.PoliciesPage.as_view(), name="policies"),
    path("control/policies/ask/", policies.PolicyAsk.as_view(), name="policy-ask"),
    path("control/policies/<int:pk>/decide/", policies.PolicyDecide.as_view(), name="policy-decide"),
    path("control/numbers/", numbers.NumbersPage.as_view(), name="numbers"),
    path("control/history/", changes.ChangesPage.as_view(), name="changes"),
]
