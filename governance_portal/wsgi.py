"""The door for WSGI servers."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance_portal.settings")
application = get_wsgi_application()
# Loads every view now, once, before the server forks: otherwise the first visitor of each process waits for it.
_ = get_resolver().url_patterns
