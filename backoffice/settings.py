"""Settings, every one of them from the environment; what is unsafe in production refuses to start."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from backoffice.logs import configure_structlog, logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    environ.Env.read_env(BASE_DIR / ".env")

# ── what kind of place this is ─────────────────────────────────────────────────────────────
# demo: one machine, demonstration data, plain HTTP on 127.0.0.1. test: the suite. production: everything is refused that is not safe.
PLACE = env.str("BACKOFFICE_PLACE", default="production")
IS_PRODUCTION = PLACE == "production"
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
LOCAL_DIR = Path(env.str("BACKOFFICE_LOCAL_DIR", default=str(BASE_DIR / ".local")))

# ── the company ────────────────────────────────────────────────────────────────────────────
CURRENCY = env.str("CURRENCY", default="CNY")
AGEING_BOUNDS = env.list(
    "AGEING_BOUNDS", cast=int, default=[30, 60, 90, 180, 365]
)  # days past due, each closed on both ends
COMPANY_NAME = env.str("COMPANY_NAME", default="")
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")
USE_TZ = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
USE_I18N = True

# ── applications, from the ground up (the order of house-style §3) ─────────────────────────
FOUNDATION = [
    "database", "people", "parties", "audit", "register", "numbering", "files", "outbox", "jobs",
    "review", "documents", "lists", "pages", "ledger", "stock", "sheets", "control",
]  # fmt: skip
# an app with many duties has parts, apps of their own that stand on its ground (docs/decisions/0014)
APPS = [
    "customers", "customers.licences", "customers.visits", "customers.cases", "customers.leads", "customers.market",
    "customers.mailings",
    "contracts", "contracts.papers", "contracts.bids", "contracts.supply", "contracts.quotations",
    "orders", "shipments", "purchasing", "invoices", "expenses", "office", "reports",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "django_filters",
    "import_export",
    "django_structlog",
    *[f"backoffice.{name}" for name in FOUNDATION],
    *APPS,
]
# our words before those of the packages we use: their «Note» is not ours
LOCALE_PATHS = [
    BASE_DIR / "backoffice" / "locale",
    *[BASE_DIR / "backoffice" / name / "locale" for name in FOUNDATION],
    *[BASE_DIR.joinpath(*app.split("."), "locale") for app in APPS],
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Person"
ROOT_URLCONF = "backoffice.urls"
WSGI_APPLICATION = "backoffice.wsgi.application"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # its own files lie there compressed
    "backoffice.pages.compressing.CompressedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "backoffice.people.middleware.SignedInMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "backoffice.pages.context.frame",
            ],
            "builtins": [
                "backoffice.pages.templatetags.show",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ── data ───────────────────────────────────────────────────────────────────────────────────
# Two roles: the owner migrates (OWNER_DATABASE_URL), the program runs as a role that can neither
# update nor delete what the books hold. `migrate` and the commands of the database use "owner".
DATABASES = {"default": env.db_url("DATABASE_URL")}
OWNER_DATABASE = env.db_url("OWNER_DATABASE_URL", default="") if env.str("OWNER_DATABASE_URL", default="") else None
if PLACE == "test" and OWNER_DATABASE:  # the suite makes its database as the owner, then works as the runtime role
    DATABASES = {"default": OWNER_DATABASE}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DATABASES["default"].setdefault("OPTIONS", {})
RUNTIME_ROLE = env.str("RUNTIME_ROLE", default=env.db_url("DATABASE_URL").get("USER", ""))
if env.str("BACKOFFICE_PROCESS", default="web") == "web" and PLACE != "test":
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # a pool and kept connections exclude each other
    # PostgreSQL may be restarted under a web that runs on: a dead connection is thrown away before it is used, and as soon as somebody
    # asks a new one is tried for (the pool's own way is to wait twice as long after each failure: a minute too long after a minute).
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 10, "timeout": 10, "reconnect_timeout": 5}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0

# Each process keeps what saves it work. What is kept for moments has a place of its own, so that much of it pushes out no count of attempts.
CACHES = {
    name: {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": name,
        "OPTIONS": {"MAX_ENTRIES": entries},
    }
    for name, entries in {"default": 10_000, "moments": 1_000}.items()
}

# ── jobs ───────────────────────────────────────────────────────────────────────────────────
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL

# The mail with the day's sales performance has to be there before 17:00 (R1): it carries the figures of this minute.
DAILY_REPORT_AT = env.str("DAILY_REPORT_AT", default="16:50")
MARKET_BRIEF_AT = env.str("MARKET_BRIEF_AT", default="17:30")

# ── mail ───────────────────────────────────────────────────────────────────────────────────
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://127.0.0.1:8025")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="backoffice@example.com")

# ── text messages: console:// writes them into the log, https://… posts to a gateway, empty sends none ──
SMS_URL = env.str("SMS_URL", default="" if IS_PRODUCTION else "console://")
SMS_KEY = env.str("SMS_KEY", default="")

# ── files ──────────────────────────────────────────────────────────────────────────────────
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(LOCAL_DIR / "media")))
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(LOCAL_DIR / "static")))
ASSETS_DIR = Path(env.str("ASSETS_DIR", default=str(LOCAL_DIR / "assets")))  # third-party assets, from pinned packages
NODE = env.str("NODE", default="node")
NODE_MODULES = Path(env.str("NODE_MODULES", default=str(BASE_DIR / "node_modules")))  # draws charts for paper and mail
STATICFILES_DIRS = [BASE_DIR / "static", *([("vendor", ASSETS_DIR)] if ASSETS_DIR.exists() else [])]
STATIC_STORAGES = {
    "test": "django.contrib.staticfiles.storage.StaticFilesStorage",
    "demo": "backoffice.pages.storage.HashedFilesHere",
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": STATIC_STORAGES.get(PLACE, "backoffice.pages.storage.HashedFiles"),
    },
}

# ── who comes in ───────────────────────────────────────────────────────────────────────────
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if PLACE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email", "employee_no", "phone")},
    },
    {"NAME": "backoffice.people.passwords.HouseWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_URL_PATH = "/accounts/login/"
LOGOUT_URL_PATH = "/accounts/logout/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "backoffice.people.adapters.ClosedSignup"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # of the link by which somebody chooses a password
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "backoffice.people.forms.SignInCode",
    "reauthenticate": "backoffice.people.forms.CodeOnceMore",
}
REQUIRE_TOTP = env.bool("REQUIRE_TOTP", default=IS_PRODUCTION)
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
# One lock and no second: allauth's own counts wrong passwords by name alone, so that a stranger could lock somebody out.
ACCOUNT_RATE_LIMITS = {
    "login_failed": None,
    "login": "120/m/ip",
    "opt_out": "300/m/ip",
}  # mail providers opt out for many
AXES_CLIENT_IP_CALLABLE = "backoffice.people.adapters.address_of"
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False
CSRF_FAILURE_VIEW = "backoffice.pages.errors.forged"
DEMO_PASSWORD = "demo-demo-demo" if PLACE == "demo" else ""  # shown on the sign-in page of the demonstration

# ── the browser ────────────────────────────────────────────────────────────────────────────
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
ACTED_COOKIE_NAME = "acted"
if IS_PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SILENCED_SYSTEM_CHECKS = ["security.W021"]  # preloading is for the domain's owner to say
    # The caller's address is what the last of our own proxies saw, never what the caller claims.
    ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", default=1)
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    ACTED_COOKIE_NAME = "__Host-acted"
    if SMS_URL and not SMS_URL.startswith("https://"):
        raise ImproperlyConfigured("SMS_URL must begin with https://, or be empty.")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG must be off in production.")
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; '*' is refused.")
    if len(SECRET_KEY) < 50 or SECRET_KEY.startswith("demo"):
        raise ImproperlyConfigured("SECRET_KEY must be at least 50 random characters of your own.")
    if DATABASES["default"].get("PASSWORD") in ("", "postgres", "password"):
        raise ImproperlyConfigured("DATABASE_URL must carry a password of your own.")

# ── what is written down of each event: JSON, one line each, no secrets ────────────────────
configure_structlog()
LOGGING = logging_config(env.str("LOG_LEVEL", default="WARNING" if PLACE == "test" else "INFO"))
DJANGO_STRUCTLOG_CELERY_ENABLED = True

DATA_UPLOAD_MAX_NUMBER_FIELDS = 20000
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
