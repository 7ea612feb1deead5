"""Background work. The broker is a nudge, never the record: what is owed is a row, and a sweep finds what was lost.

``kill -9`` of a worker loses messages on every broker, ``acks_late`` or not, so tasks take row ids only, may run twice,
and nothing depends on a message arriving. What is due is decided by rows and the database's clock; the beat is a
metronome, and a tick missed or doubled changes nothing.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance_portal.settings")

TRANSPORT_ALIASES["folders"] = "governance_portal.lib.folder_broker:Transport"
app = Celery("governance_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_the_portals_log(**kwargs: Any) -> None:
    """Keep Django's log settings: a receiver on this signal stops Celery from installing its own."""
