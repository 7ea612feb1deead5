"""The portal's settings as tests need them: nothing of the machine's environment but database and broker."""

import os

os.environ["PORTAL_ENV_FILE"] = os.devnull
os.environ.setdefault("PORTAL_ENV", "demo")
os.environ.setdefault("SECRET_KEY", "tests-only-0123456789-0123456789-0123456789-0123456789")

from governance_portal.settings import *  # noqa: F403  the environment must be set first
from governance_portal.settings import DATABASES, VAR_DIR

# Two runs at once must not share a database, so each process names its own unless told a name.
_suffix = os.environ.get("PORTAL_TEST_DB") or str(os.getpid())
_sqlite = DATABASES["default"]["ENGINE"].endswith("sqlite3")
# A file, not memory: the browser's server and sixteen threads open connections of their own.
DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / f"test_{_suffix}.sqlite3") if _sqlite else f"test_{_suffix}"}
DATABASES["default"]["CONN_MAX_AGE"] = 0

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = VAR_DIR / "test_uploads"
LINKS_FOLDER = VAR_DIR / "test_links"
NODE_MODULES_FILES = {**NODE_MODULES_FILES, "vendor/axe.min.js": "axe-core/axe.min.js"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True  # STATIC_ROOT need not exist …
WHITENOISE_USE_FINDERS = True  # … and what an earlier `make run` gathered there is not what the tests look at
# No test nudges a worker by accident; those that want a real broker start one of their own.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {**CELERY_BROKER_TRANSPORT_OPTIONS, "polling_interval": 0.01}  # noqa: F405
