"""Every address of the program: the foundation's pages first, then one prefix an app, below it one for each of its parts.

What an app shows to anybody stands in its `public_urls`, below /public/.
"""

from importlib import import_module

from django.conf import settings
from django.urls import include, path, re_path
from django.utils.module_loading import module_has_submodule

from backoffice.pages.errors import not_found

# Accounts are made by an administrator and mails leave through the outbox: these pages of the package are none of ours.
NOT_OURS = r"^accounts/(?:signup|email|confirm-email|password/set|password/reset(?!/key/)|login/code)(?:/|$)"

urlpatterns = [
    path("", include("backoffice.pages.urls")),
    path("", include("reports.home")),
    path("", include("backoffice.control.urls")),
    re_path(NOT_OURS, not_found, name="not-ours"),
    path("accounts/", include("allauth.urls")),
    path("files/", include("backoffice.files.urls")),
    path("imports/", include("backoffice.sheets.urls")),
    path("ledger/", include("backoffice.ledger.urls")),
    path("stock/", include("backoffice.stock.urls")),
    *[path(f"{app.replace('.', '/')}/", include(f"{app}.urls")) for app in settings.APPS],
    *[path("public/", include(f"{app}.public_urls")) for app in settings.APPS if module_has_submodule(import_module(app), "public_urls")],
]  # fmt: skip

handler400 = "backoffice.pages.errors.bad_request"
handler403 = "backoffice.pages.errors.not_allowed"
handler404 = "backoffice.pages.errors.not_found"
