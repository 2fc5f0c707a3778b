from django.urls import path

from contracts.bids.views import bids as views
from contracts.bids.views import goods

app_name = "bids"
urlpatterns = [
    path("", views.BidListPage.as_view(), name="list"),
    path("new/", views.BidEdit.as_view(), name="bid-new"),
    path("figures/", views.BidFigures.as_view(), name="figures"),
    path("papers/", views.PaperListPage.as_view(), name="papers"),
    path("papers/<int:pk>/tick/", views.TickPaper.as_view(), name="tick"),
    path("<int:pk>/", views.BidPage.as_view(), name="bid"),
    path("<int:pk>/edit/", views.BidEdit.as_view(), name="bid-edit"),
    path("<int:pk>/papers/", views.PapersEdit.as_view(), name="papers-edit"),
    path("<int:pk>/goods/", goods.GoodsEdit.as_view(), name="goods-edit"),
    path("<int:pk>/prices/pdf/", goods.PriceSchedule.as_view(), name="prices"),
    path("<int:pk>/prices/excel/", goods.PriceWorkbook.as_view(), name="prices-xlsx"),
    path("<int:pk>/contract/", views.MakeContract.as_view(), name="make-contract"),
    path("<int:bid>/deadline/", views.MoveDeadline.as_view(), name="deadline"),
    path("<int:bid>/competitors/new/", views.EditCompetitor.as_view(), name="competitor-new"),
    path("<int:bid>/competitors/<int:pk>/", views.EditCompetitor.as_view(), name="competitor-edit"),
    path("<int:bid>/deposit/paid/", views.PayDeposit.as_view(), name="deposit-paid"),
    path("<int:bid>/deposit/back/", views.SettleDeposit.as_view(), name="deposit-back"),
    path("<int:bid>/deposit/expected/", views.ExpectDeposit.as_view(), name="deposit-expected"),
]
