from django.urls import path

from expenses import views

app_name = "expenses"
urlpatterns = [
    path("claims/", views.ClaimListPage.as_view(), name="claims"),
    path("claims/new/", views.ClaimEdit.as_view(), name="claim-new"),
    path("claims/of-reception/<int:reception>/", views.ClaimOfReception.as_view(), name="claim-of-reception"),
    path("claims/<int:pk>/", views.ClaimPage.as_view(), name="claim"),
    path("claims/<int:pk>/edit/", views.ClaimEdit.as_view(), name="claim-edit"),
    path("commission/", views.SheetListPage.as_view(), name="sheets"),
    path("commission/compute/", views.ComputePage.as_view(), name="compute"),
    path("commission/mine/", views.MyCommissionPage.as_view(), name="mine"),
    path("commission/<int:pk>/", views.CommissionPage.as_view(), name="commission_sheet"),
    path("commission/<int:pk>/excel/", views.CommissionExcel.as_view(), name="commission_sheet-excel"),
    path("kinds/", views.KindListPage.as_view(), name="kinds"),
    path("kinds/new/", views.KindEdit.as_view(), name="kind-new"),
    path("kinds/<int:pk>/", views.KindEdit.as_view(), name="kind"),
    path("plans/", views.PlanListPage.as_view(), name="plans"),
    path("plans/new/", views.PlanEdit.as_view(), name="commission_plan-new"),
    path("plans/<int:pk>/", views.PlanPage.as_view(), name="commission_plan"),
    path("plans/<int:pk>/edit/", views.PlanEdit.as_view(), name="commission_plan-edit"),
]
