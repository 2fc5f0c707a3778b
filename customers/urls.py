from django.urls import path

from customers.models import Address, Contact
from customers.views import archive as views
from customers.views import merging

app_name = "customers"
urlpatterns = [
    path("", views.CustomerListPage.as_view(), name="list"),
    path("new/", views.NewCustomer.as_view(), name="customer-new"),
    path("alike/", views.AlikePage.as_view(), name="alike"),
    path("changes/", views.ChangeListPage.as_view(), name="change-list"),
    path("changes/<int:pk>/", views.ChangePage.as_view(), name="customer_change"),
    path("changes/<int:pk>/edit/", views.EditChange.as_view(), name="customer_change-edit"),
    path("notes/", views.NoteListPage.as_view(), name="note-list"),
    path("notes/<int:pk>/done/", views.FinishNote.as_view(), name="note-done"),
    path("duplicates/", merging.DuplicateListPage.as_view(), name="duplicate-list"),
    path("merges/", merging.MergeListPage.as_view(), name="merge-list"),
    path("merges/<int:pk>/", merging.MergePage.as_view(), name="customer_merge"),
    path("merges/<int:pk>/edit/", merging.EditMerge.as_view(), name="customer_merge-edit"),
    path("hand-overs/", merging.HandOverListPage.as_view(), name="hand-over-list"),
    path("hand-overs/new/", merging.HandOverMany.as_view(), name="hand-over-many"),
    path("hand-overs/new/how-many/", merging.HowMany.as_view(), name="hand-over-how-many"),
    path("hand-overs/<int:pk>/cancel/", merging.CancelHandOver.as_view(), name="hand-over-cancel"),
    path("<int:pk>/", views.CustomerPage.as_view(), name="customer"),
    path("<int:pk>/edit/", views.EditCustomer.as_view(), name="customer-edit"),
    path("<int:pk>/timeline/", views.TimelinePage.as_view(), name="timeline"),
    path("<int:pk>/files/", views.FilesPage.as_view(), name="files"),
    path("<int:customer>/change/", views.EditChange.as_view(), name="customer_change-new"),
    path("<int:customer>/hand-over/", merging.HandOverOne.as_view(), name="hand-over"),
    path("<int:customer>/merge/", merging.ChooseOther.as_view(), name="merge-other"),
    path("<int:customer>/merge/<int:merged>/", merging.EditMerge.as_view(), name="customer_merge-new"),
    path("<int:customer>/notes/new/", views.NewNote.as_view(), name="note-new"),
    path("<int:customer>/contacts/new/", views.EditContact.as_view(), name="contact-new"),
    path("<int:customer>/contacts/<int:pk>/", views.EditContact.as_view(), name="contact-edit"),
    path("<int:customer>/contacts/<int:pk>/remove/", views.RemoveRow.as_view(model=Contact), name="contact-remove"),
    path("<int:customer>/addresses/new/", views.EditAddress.as_view(), name="address-new"),
    path("<int:customer>/addresses/<int:pk>/", views.EditAddress.as_view(), name="address-edit"),
    path("<int:customer>/addresses/<int:pk>/remove/", views.RemoveRow.as_view(model=Address), name="address-remove"),
]
