"""Settings of Futbol Report, and the only place that reads the environment.

Every variable is described in `.env.example`; a value that cannot be read stops the start.
"""

import gc
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from evaluations.wire.secrets import is_name_of_key, remember
from futbolreport import environment, logs
from futbolreport.secrets import Secrets

# What a start brings into memory stays there: looking through it again and again took a seventh of the start.
gc.set_threshold(150_000, 20, 20)

BASE_DIR = Path(__file__).resolve().parent.parent

environment.read_file(BASE_DIR / ".env")

SECRETS_ID = environment.text("SECRETS_ID")
SECRETS = Secrets(SECRETS_ID) if SECRETS_ID else None
if SECRETS:
    SECRETS.join()


def api_key(variable: str) -> str:
    """The key that the environment holds under `variable`; empty where it holds none.

    Providers name their variable in the database, so this cannot be read once at the start.
    """
    if SECRETS:
        SECRETS.refresh()
    return remember(os.environ.get(variable, "").strip())


# The site

DEBUG = environment.yes_or_no("DEBUG", default=False)
SECRET_KEY = environment.text("SECRET_KEY")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set. `make setup` writes a .env with a random one.")
ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
if gateway_region := environment.on_lambda():
    # The gateway's own address, as `zappa deploy` prints it: the event is real, so its host is one of ours.
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, f".execute-api.{gateway_region}.amazonaws.com"]
SITE_URL = environment.site("SITE_URL", "http://127.0.0.1:8000")
SITE_IS_SECURE = SITE_URL.startswith("https://")
# Who answers for what is published here: on every page, in one line.
PUBLISHER = environment.text("PUBLISHER")
CSRF_TRUSTED_ORIGINS = environment.origins("CSRF_TRUSTED_ORIGINS", SITE_URL)
# `unix` among them: a request over a socket of this machine has no address, and its proxy is ours.
TRUSTED_PROXIES, TRUST_UNIX_SOCKET = environment.networks("TRUSTED_PROXIES")

# What a new evaluation starts with; its own fields rule afterwards

MOST_HOURS, MOST_DAYS = 24 * 366, 36_600  # what moments in time can still be counted with
VOTING_HOURS = environment.number("VOTING_HOURS", 0, MOST_HOURS, 72)
VOTES_PER_NETWORK = environment.number("VOTES_PER_NETWORK", 1, 50, 5)

# How long things are kept, in days

REPORT_TTL_DAYS = environment.number("REPORT_TTL_DAYS", 1, MOST_DAYS, 90)
CONTEXT_RETENTION_DAYS = environment.number("CONTEXT_RETENTION_DAYS", 1, MOST_DAYS, None)

# Services. Keys are read when a call is made, by `api_key`

BRAVE_BASE_URL = environment.base("BRAVE_BASE_URL", "https://api.search.brave.com")
OPENROUTER_BASE_URL = environment.base("OPENROUTER_BASE_URL", "https://openrouter.ai/api/v1")
FIRECRAWL_BASE_URL = environment.base("FIRECRAWL_BASE_URL", "https://api.firecrawl.dev")
BRAVE_KEY_VARIABLE = "BRAVE_API_KEY"
OPENROUTER_KEY_VARIABLE = "OPENROUTER_API_KEY"
FIRECRAWL_KEY_VARIABLE = "FIRECRAWL_API_KEY"
# Whatever the name of a key, a value under one of these is never sent to a provider.
KEYS_OF_OTHERS = frozenset({BRAVE_KEY_VARIABLE, FIRECRAWL_KEY_VARIABLE} | environment.NAMES)

# All that a process which reads strangers' pages gets of our environment: where its interpreter lies, no key.
BARE_ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}

# Seconds that each answer of the sandbox in this process takes; None: every model at its own pace.
SANDBOX_ANSWER_SECONDS: float | None = None

NOTIFY_WEBHOOK = environment.address("NOTIFY_WEBHOOK", example="https://hooks.example.org/…")
NOTIFY_EMAIL = environment.mail_address("NOTIFY_EMAIL")
# Mail leaves through the mail server of this machine.
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "localhost", "timeout": 10},
    }
}
DEFAULT_FROM_EMAIL = f"Futbol Report <futbolreport@{urlsplit(SITE_URL).hostname or 'localhost'}>"

# Database: SQLite in `var/` unless DATABASE_URL names another

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES: dict[str, dict[str, Any]] = {
    "default": environment.database("DATABASE_URL", f"sqlite:///{BASE_DIR / 'var' / 'futbolreport.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at BEGIN: a read turning into a write would fail instead of waiting.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
else:
    # A pooler in transaction mode hands every transaction another session: nothing may live longer than one.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # A host that takes no connection is away; how long a statement may take is said with it (views/database.py).
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)

# Cache: memory of this process unless REDIS_URL names a server

REDIS_URL = environment.address("REDIS_URL", schemes=environment.SCHEMES_OF_REDIS, example="redis://127.0.0.1:6379/0")
CACHES: dict[str, dict[str, Any]] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "futbolreport",
        "OPTIONS": {
            "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
            # A page can do without: what takes longer than making it anew is not waited for.
            "SOCKET_CONNECT_TIMEOUT": 0.25,
            "SOCKET_TIMEOUT": 0.25,
            # Shared by all threads of a process, however many there are; who finds none free waits a moment.
            "CONNECTION_POOL_CLASS": "redis.BlockingConnectionPool",
            "CONNECTION_POOL_KWARGS": {"max_connections": 50, "timeout": 0.25},
        },
    }

# Application

INSTALLED_APPS = [
    "evaluations",
    "votes",
    "futbolreport.apps.NewsroomConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
]

# Who carries out what is due: another process that reads the database, another invocation of this Lambda function, this
# very process, a worker of RQ behind Redis, or any other backend of django.tasks by its dotted name.
TASK_BACKENDS = {
    "database": "django_tasks_db.DatabaseBackend",
    "immediate": "django.tasks.backends.immediate.ImmediateBackend",
    "lambda": "futbolreport.invocations.InvocationBackend",
    "rq": "django_tasks_rq.RQBackend",
}
TASK_APPS = {"database": ["django_tasks_db"], "rq": ["django_rq", "django_tasks_rq"]}
TASKS_BACKEND = environment.backend("TASKS_BACKEND", TASK_BACKENDS, "lambda" if environment.on_lambda() else "database")
TASKS = {"default": {"BACKEND": TASK_BACKENDS.get(TASKS_BACKEND, TASKS_BACKEND)}}
INSTALLED_APPS += TASK_APPS.get(TASKS_BACKEND, [])
if TASKS_BACKEND == "rq":
    if not REDIS_URL:
        raise environment.refuse(
            "REDIS_URL", REDIS_URL, "an address such as redis://127.0.0.1:6379/0: the queue is there"
        )
    RQ_QUEUES = {"default": {"URL": REDIS_URL, "DEFAULT_TIMEOUT": 3600}}

# Reports of one run that one worker asks for, all at once; what is more is divided among several. 0: one asks for all.
REPORTS_PER_WORKER = environment.number("REPORTS_PER_WORKER", 0, 100_000, 0)

# More than one: reports are scored in a process of their own while others are still being written.
PROCESSORS = environment.processors()

MIDDLEWARE = [
    "evaluations.views.page_cache.ReadyMadePages",
    "futbolreport.logs.RequestIds",
    "evaluations.views.database.DatabaseGuard",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "futbolreport.headers.SecurityHeaders",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "evaluations.views.late.HealthCheck",
    "futbolreport.static_files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "futbolreport.keys.KeysStayInside",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "futbolreport.urls"
ADMIN_PATH = "admin/"
WSGI_APPLICATION = "futbolreport.wsgi.application"
LOGIN_URL = "admin:login"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

# People of the newsroom

# A site that is reached over https is a real one: whoever works in its admin shows a second factor.
SECOND_FACTOR = SITE_IS_SECURE
OTP_TOTP_ISSUER = "Futbol Report"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds; a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PASSWORD_RESET_TIMEOUT = 60 * 60

# After ten wrong passwords a name is refused for a quarter of an hour, in the very words of a wrong password, whether
# or not anybody has that name. Nothing is kept of who tried.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_CLIENT_IP_CALLABLE = "futbolreport.strangers.no_address"
AXES_CLIENT_STR_CALLABLE = "futbolreport.strangers.no_name"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Its middleware would answer in other words than those of a wrong password; and whoever tries may change address.
SILENCED_SYSTEM_CHECKS = ["axes.W002", "axes.W006"]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_STATIC_PREFIX = "/static/"  # behind the address at which a request found the site
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "futbolreport.static_files.PlainStorage" if DEBUG else "futbolreport.static_files.SealedStorage"
    },
}

# Security

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# The admin loads its own style sheets and scripts and the small pictures inside them; nothing else.
ADMIN_CSP = SECURE_CSP | {"img-src": [CSP.SELF, "data:"], "script-src": [CSP.SELF, CSP.NONCE]}
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # balancers ask from inside, and do not follow
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SITE_IS_SECURE
CSRF_COOKIE_HTTPONLY = True
if SITE_IS_SECURE:
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
if TRUSTED_PROXIES or TRUST_UNIX_SOCKET:
    # Only a proxy of ours may say that the outer connection was https: without one, any client could.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOG_FORMAT = environment.choice("LOG_FORMAT", ("text", "json"), "json" if environment.on_lambda() else "text")
LOGGING = logs.configuration(as_json=LOG_FORMAT == "json")

# Whatever strangers repeat of these is neither stored nor logged.
for secret in (
    SECRET_KEY,
    NOTIFY_WEBHOOK,
    DATABASES["default"].get("PASSWORD") or "",
    urlsplit(REDIS_URL).password or "",
    *(value.strip() for name, value in os.environ.items() if is_name_of_key(name)),
):
    remember(secret)
