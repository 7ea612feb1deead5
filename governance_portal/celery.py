"""Background work. The broker is a nudge, never the record: what is owed is a row, and a sweep finds what was lost.

``kill -9`` of a worker loses messages on every broker, ``acks_late`` or not, so tasks take row ids only, may run twice,
and nothing depends on a message arriving. What is due is decided by rows and the database's clock; the beat is a
metronome, and a tick missed or doubled changes nothing.
"""

import os
import time
from typing import Any

from celery import Celery
from celery.signals import before_task_publish, setup_logging
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance_portal.settings")

TRANSPORT_ALIASES["folders"] = "governance_portal.lib.folder_broker:Transport"
app = Celery("governance_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@before_task_publish.connect
def say_what_time_it_is(headers: dict[str, Any], **kwargs: Any) -> None:
    """Put the sender's clock on each message: one of the three that a task asks (`lib.moments`)."""
    headers["sent_at"] = time.time()


@setup_logging.connect
def keep_the_portals_log(**kwargs: Any) -> None:
    """Keep Django's log settings: a receiver on this signal stops Celery from installing its own."""
