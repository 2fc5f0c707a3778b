from django.urls import path

from customers.mailings.views import mailings, news

app_name = "mailings"
urlpatterns = [
    path("", mailings.MailingListPage.as_view(), name="list"),
    path("new/", mailings.MailingEdit.as_view(), name="mailing-new"),
    path("reach/", mailings.ReachPage.as_view(), name="reach"),
    path("<int:pk>/", mailings.MailingPage.as_view(), name="mailing"),
    path("<int:pk>/edit/", mailings.MailingEdit.as_view(), name="mailing-edit"),
    path("<int:pk>/preview/", mailings.PreviewPage.as_view(), name="preview"),
    path("<int:pk>/looks/", mailings.LetterAsItLooks.as_view(), name="looks"),
    path("<int:pk>/test/", mailings.SendTest.as_view(), name="test"),
    path("<int:pk>/labels/pdf/", mailings.LabelsPdf.as_view(), name="labels"),
    path("<int:pk>/letters/pdf/", mailings.LettersPdf.as_view(), name="letters"),
    path("recipients/", mailings.RecipientListPage.as_view(), name="recipients"),
    path("templates/", mailings.TemplateListPage.as_view(), name="templates"),
    path("templates/new/", mailings.TemplateEdit.as_view(), name="template-new"),
    path("templates/<int:pk>/", mailings.TemplateEdit.as_view(), name="template-edit"),
    path("opt-outs/", mailings.OptOutListPage.as_view(), name="opt-outs"),
    path("opt-outs/new/", mailings.NewOptOut.as_view(), name="opt-out-new"),
    path("messages/", news.NewsListPage.as_view(), name="messages"),
    path("messages/to/<int:customer>/", news.WriteMessage.as_view(), name="message-new"),
    path("messages/wish/<int:customer>/", news.EditWish.as_view(), name="wish"),
    path("about/<int:pk>/", news.AboutPage.as_view(), name="about"),
    path("about/<int:record>/message/", news.WriteAbout.as_view(), name="message-about"),
    path("links/", news.LinkListPage.as_view(), name="links"),
    path("links/<int:pk>/", news.VisitsPage.as_view(), name="visits"),
    path("links/<int:pk>/revoke/", news.RevokeLink.as_view(), name="revoke"),
]
