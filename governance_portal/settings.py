"""Django settings, all from the environment (``environment.DECLARED`` lists and explains every one).

With nothing set the portal runs by itself: SQLite, a broker made of folders, a demonstration's data.
"""

import os
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext

from governance_portal import environment as env

# Lets classes name their types, as in ModelAdmin[Case], also when no type checker is looking.
django_stubs_ext.monkeypatch()

BASE_DIR = env.BASE_DIR
env.load_env_file(Path(os.environ.get("PORTAL_ENV_FILE", BASE_DIR / ".env")))

PORTAL_ENV = env.text("PORTAL_ENV")
if PORTAL_ENV not in {"demo", "production"}:
    raise env.BadSetting(f"PORTAL_ENV 应为 demo 或 production，现在是「{PORTAL_ENV}」。")
PRODUCTION = PORTAL_ENV == "production"
DEMO = not PRODUCTION
DEMO_PASSWORD = env.text("DEMO_PASSWORD")
DEMO_PASSWORD_GIVEN = "DEMO_PASSWORD" in os.environ
DEMO_USERNAMES = (
    *("clerk", "operator", "dispatcher", "handler", "mediator", "supervisor", "follow_up", "grid_worker", "leader"),
    *("sysadmin", "secadmin", "auditor", "clerk2", "dispatcher2", "handler2", "handler_other"),
)

PORTAL_DISTRICT = env.text("PORTAL_DISTRICT")
PORTAL_GRID_CODE_PATTERN = env.text("PORTAL_GRID_CODE_PATTERN")
PORTAL_CIPHER = env.text("PORTAL_CIPHER")
DEMO_CASES = env.number("DEMO_CASES")
SIMULATE = DEMO and env.flag("SIMULATE")
VAR_DIR = env.folder("PORTAL_VAR")
VAR_DIR.mkdir(parents=True, exist_ok=True)
SHARED_DATA = env.folder("PORTAL_SHARED_DATA")

# ── Keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────
SECRET_KEY_GIVEN = bool(env.text("SECRET_KEY"))
SECRET_KEY = env.text("SECRET_KEY") or env.kept_secret(VAR_DIR / "secret_key")
PORTAL_FIELD_KEYS = env.listed("PORTAL_FIELD_KEYS")
DEBUG = env.flag("DEBUG")

# ── Who may come in, and from where ───────────────────────────────────────────────────────────────────────────────
ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS") or (["*"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.listed("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = env.listed("TRUSTED_PROXIES")
METRICS_TOKEN = env.text("METRICS_TOKEN")
HTTPS_ONLY = env.flag("HTTPS_ONLY", default=PRODUCTION)

# ── Apps ──────────────────────────────────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "governance_portal",
    "hotlines",
    "cases",
    "grids",
    "accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
]
MIDDLEWARE = [
    "governance_portal.middleware.RequestIdMiddleware",
    "governance_portal.middleware.TrueAddressMiddleware",
    "governance_portal.middleware.ProbesMiddleware",
    "governance_portal.middleware.PageCompressionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "governance_portal.middleware.ContentSecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "governance_portal.middleware.SessionLimitsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "accounts.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "governance_portal.middleware.PrivatePagesMiddleware",
    "governance_portal.middleware.UnstorableTextMiddleware",
    "accounts.middleware.FirstThingsFirstMiddleware",
    "axes.middleware.AxesMiddleware",
]
_DEMO_CONTEXT = ["governance_portal.demo.filling.strip"] if DEMO else []
ROOT_URLCONF = "governance_portal.urls"
WSGI_APPLICATION = "governance_portal.wsgi.application"
ASGI_APPLICATION = "governance_portal.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.people",
                "governance_portal.display.frame",
                "governance_portal.rail.rail",
                *_DEMO_CONTEXT,
            ]
        },
    }
]

# ── Database ──────────────────────────────────────────────────────────────────────────────────────────────────────
# SQLite's own defaults lose 42 of 800 concurrent transactions to "database is locked"; with these none was lost.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}
DATABASE_URL = env.text("DATABASE_URL")
_database: dict[str, Any] = (
    dict(dj_database_url.parse(DATABASE_URL))
    if DATABASE_URL
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "portal.sqlite3", "OPTIONS": SQLITE_OPTIONS}
)
# Compiling a statement costs more than running it: a board over 100,000 cases took 83 ms with PostgreSQL's JIT, 54 without.
# Set at the connection's start, which PgBouncer refuses; behind it (connections not kept) the server's own setting counts.
if _database["ENGINE"].endswith("postgresql") and env.number("DATABASE_CONN_MAX_AGE"):
    _database["OPTIONS"] = {"options": "-c jit=off", **_database.get("OPTIONS", {})}
# Opening a connection costs more than the rest of a light request: keep it, and look whether it still lives.
DATABASES = {"default": {**_database, "CONN_MAX_AGE": env.number("DATABASE_CONN_MAX_AGE"), "CONN_HEALTH_CHECKS": True}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# An index that carries more columns than it is sorted by (case_warn_running) is a plain one on SQLite: said once, here.
SILENCED_SYSTEM_CHECKS = ["models.W040"]

# ── Cache: nothing that must hold between processes may rely on it (limits and claims are rows) ───────────────────
REDIS_URL = env.text("REDIS_URL")
REDIS_TIMEOUT = 2  # seconds; without it a silent Redis held a request for more than 200 s
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_timeout": REDIS_TIMEOUT, "socket_connect_timeout": REDIS_TIMEOUT},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# ── Background work ───────────────────────────────────────────────────────────────────────────────────────────────
CELERY_BROKER_URL = REDIS_URL or "folders://localhost//"
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "socket_timeout": REDIS_TIMEOUT,
        "socket_connect_timeout": REDIS_TIMEOUT,
    }
else:
    _broker = {"data_folder_in": "queue", "data_folder_out": "queue", "control_folder": "control"}
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        **{option: str(VAR_DIR / "broker" / folder) for option, folder in _broker.items()},
        "polling_interval": 0.1,
    }
    for _folder in _broker.values():
        (VAR_DIR / "broker" / _folder).mkdir(parents=True, exist_ok=True)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False  # the row is the record: a request never waits for the broker
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_DEFAULT_QUEUE = "portal"
CELERY_WORKER_PREFETCH_MULTIPLIER = 8
CELERY_WORKER_CONCURRENCY = env.number("TASK_WORKERS")
CELERY_TIMEZONE = "Asia/Shanghai"
# In memory: a schedule file left half written by a kill would stop the beat. Steady: one set back by days would, too.
CELERY_BEAT_SCHEDULER = "governance_portal.metronome:Metronome"
# Task name → seconds between two nudges.
BEATS = {
    "cases.tasks.sweep": 60.0,
    "cases.tasks.chores": 60.0,
    "cases.tasks.tend_lists": 60.0,
    "cases.tasks.tidy": 3600.0,
    "cases.tasks.forget": 86_400.0,
    "cases.tasks.recount": 120.0,
    "hotlines.tasks.tend_orders": 60.0,
    "accounts.tasks.seal_audit": 300.0,
    "accounts.tasks.send": 20.0,
    "hotlines.tasks.speak": 20.0,
    "hotlines.tasks.listen": 60.0,
    "accounts.tasks.tidy": 86_400.0,
    "hotlines.tasks.tell_subscribers": 20.0,
    "hotlines.tasks.tend_calls": 3600.0,
    "hotlines.tasks.tidy": 86_400.0,
}
# No "expires": a worker whose clock is ahead, or a beat whose clock is behind, would find every message expired.
CELERY_BEAT_SCHEDULE = {name: {"task": name, "schedule": seconds} for name, seconds in BEATS.items()}

# ── Log-in and sessions ───────────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.PostBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "accounts.passwords.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.MixedCharactersValidator"},
    {"NAME": "accounts.passwords.NoUsernameValidator"},
    {"NAME": "accounts.passwords.HistoryValidator"},
]
PASSWORD_MAX_AGE_DAYS = env.number_or("PASSWORD_MAX_AGE_DAYS", 0 if DEMO else 90)
TWO_STEP_ROLES = env.listed("TWO_STEP_ROLES") or ([] if DEMO else ["system_admin", "security_admin", "auditor"])
DEVICE_TOKEN_DAYS = env.number("DEVICE_TOKEN_DAYS")
CENTRE_NAME = env.text("CENTRE_NAME")
CENTRE_OFFICE = {
    "sponsor": env.text("CENTRE_SPONSOR"),
    "address": env.text("CENTRE_ADDRESS"),
    "phone": env.text("CENTRE_PHONE"),
    "hours": env.text("CENTRE_HOURS"),
    "record": env.text("CENTRE_RECORD"),
    "complaints": env.text("CENTRE_COMPLAINTS"),
}
if DEMO:  # what the pages show when nobody has said: invented, like everything of the demonstration
    _INVENTED = {
        "sponsor": "中共平鲁区委政法委员会",
        "address": "井坪镇胜利路综治中心一层群众接待大厅",
        "phone": "0349-6000148",
        "hours": "周一至周五 8:30—12:00、14:30—18:00；周六、周日 9:00—12:00 值班",
        "record": "备案号：演示环境，未备案",
        "complaints": "0349-6000037",
    }
    CENTRE_OFFICE = {name: said or _INVENTED[name] for name, said in CENTRE_OFFICE.items()}
# Without a secret of its own a demonstration derives one, so that its simulator can ring; production takes no event then.
TELEPHONY_SECRETS = env.listed("TELEPHONY_SECRET") or ([env.derived_secret(SECRET_KEY, "telephony")] if DEMO else [])
RECORDINGS_URL = env.text("RECORDINGS_URL")
TIANDITU_KEY = env.text("TIANDITU_KEY")
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
SESSION_IDLE_SECONDS = env.number("SESSION_IDLE_MINUTES") * 60
SESSION_ABSOLUTE_SECONDS = env.number("SESSION_ABSOLUTE_HOURS") * 3600
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_SECURE = HTTPS_ONLY
CSRF_FAILURE_VIEW = "governance_portal.error_pages.csrf"
CSRF_COOKIE_SAMESITE = "Lax"

# A lock is laid on a name *at an address*: nobody is locked out of their own account by a stranger's guesses.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = env.number("LOGIN_FAILURES")
AXES_COOLOFF_TIME = env.number("LOGIN_COOLOFF_MINUTES") / 60  # hours
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_CLIENT_IP_CALLABLE = "governance_portal.middleware.client_address"
AXES_LOCKOUT_CALLABLE = "governance_portal.api_errors.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
AXES_DISABLE_ACCESS_LOG = True  # log-ins are kept in the audit, once
AXES_VERBOSE = False  # its log lines would carry names and addresses
AXES_ENABLE_ADMIN = False

# ── Browser rules ─────────────────────────────────────────────────────────────────────────────────────────────────
CONTENT_SECURITY_POLICY = "; ".join(
    f"{directive} {sources}"
    for directive, sources in {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        # The only thing a browser may fetch elsewhere: pictures of the map, and only where the centre has asked for them.
        "img-src": "'self' data: https://t0.tianditu.gov.cn" if TIANDITU_KEY else "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }.items()
)
PERMISSIONS_POLICY = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = 31536000 if HTTPS_ONLY else 0
# TrueAddressMiddleware removes this header unless a trusted proxy sent it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# ── Language and time ─────────────────────────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# ── Files ─────────────────────────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT")
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "governance_portal.static_finder.AppFinder",
    "governance_portal.static_finder.NodeModulesFinder",
]
NODE_MODULES = BASE_DIR / "node_modules"
PORTAL_FONTS = env.text("PORTAL_FONTS")  # a folder of licensed type for letters, which wins over the open Song type
# Only what pages name: whole "dist" folders are 109 MB and break on missing source maps. {path under static/: file}
# ECharts "simple" has the bars and lines of the board in 169 KB; "common" adds tooltips and legends for 71 KB more.
NODE_MODULES_FILES = {
    "vendor/echarts.simple.min.js": "echarts/dist/echarts.simple.min.js",
    # Drawing grids, on that page alone: 76 kB gzipped, which no other page carries.
    "vendor/geoman.css": "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css",
    "vendor/geoman.js": "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.min.js",
    "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/images/layers-2x.png": "leaflet/dist/images/layers-2x.png",  # leaflet.css names these three
    "vendor/images/layers.png": "leaflet/dist/images/layers.png",
    "vendor/images/marker-icon.png": "leaflet/dist/images/marker-icon.png",
    "vendor/leaflet.css": "leaflet/dist/leaflet.css",
    "vendor/leaflet.js": "leaflet/dist/leaflet.js",
    "vendor/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "governance_portal.static_finder.HashedFiles"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = VAR_DIR / "uploads"
LINKS_FOLDER = env.folder("LINKS_FOLDER")
UPLOAD_MAX_BYTES = min(env.number("UPLOAD_MAX_MB"), 20) * 1024 * 1024
UPLOAD_REQUEST_MAX_BYTES = 5 * UPLOAD_MAX_BYTES + 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = [
    "governance_portal.upload_limit.UploadLimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# ── The API ───────────────────────────────────────────────────────────────────────────────────────────────────────
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.DeviceTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "governance_portal.api_errors.handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,  # "?format=" is the API's own word (geojson)
}
SPECTACULAR_SETTINGS = {
    "TITLE": "综治中心平台接口",
    "DESCRIPTION": "受理—分流—化解—督办—回访。时间一律为带时区的 ISO 8601；出错时返回 application/problem+json。",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "governance_portal.api_docs.publish_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "CaseKind": "cases.choices.Kind.choices",
        "CaseLevel": "cases.choices.Level.choices",
        "CaseStatus": "cases.choices.Status.choices",
        "CaseStage": "cases.choices.Stage.choices",
        "CaseChannel": "cases.choices.Channel.choices",
        "CaseClock": "cases.choices.Clock.choices",
        "UnitKind": "accounts.choices.UnitKind.choices",
        "AreaLevel": "grids.choices.Level.choices",
        "GridKind": "grids.choices.GridKind.choices",
        "BulletinKind": "cases.bulletins.choices.Kind.choices",
        "BulletinState": "cases.bulletins.choices.State.choices",
    },
}

# ── E-mail ────────────────────────────────────────────────────────────────────────────────────────────────────────
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL")
EMAIL_TIMEOUT = 5
EMAIL_FILE_PATH = VAR_DIR / "mail"
globals().update(env.email_settings(env.text("EMAIL_URL")))

# ── What leaves the portal: to these hosts only, to public addresses unless a network is named ────────────────────
SMS_URL = env.text("SMS_URL")
SMS_SECRET = env.text("SMS_SECRET")
OUTBOUND_HOSTS = env.listed("OUTBOUND_HOSTS")
OUTBOUND_NETWORKS = env.listed("OUTBOUND_NETWORKS")
OUTBOUND_TIMEOUT = 5  # seconds, from the first packet to the last
DELIVERY_LEASE = (
    120  # seconds: so long a message belongs to the worker that took it; one that was killed leaves it then
)

# ── Log: who asked for what, never about whom ─────────────────────────────────────────────────────────────────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "governance_portal.logs.RequestIdFilter"}},
    "formatters": {
        "line": {
            "()": "governance_portal.logs.DiscreetFormatter",
            "format": "{asctime} {levelname} {name} [{request_id}] {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": "WARNING" if env.is_calm() else env.text("LOG_LEVEL")},
    "loggers": {
        "axes": {"level": "ERROR"},
        "celery.worker.strategy": {"level": "WARNING"},  # a task logs its own line
        "celery.app.trace": {"level": "WARNING"},
        "django": {"level": "WARNING" if env.is_calm() else "INFO", "handlers": [], "propagate": True},
    },
}
