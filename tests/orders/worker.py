"""A worker of the lines as a process of its own, to be killed: `python -m tests.orders.worker` until it is.

Runs the tasks that the beat would nudge, one after the other, on the database of the environment. Leases are seconds
instead of minutes, so that whoever is killed is followed soon.
"""

import os
import time
from datetime import timedelta

import django


def main() -> None:
    """Work until killed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from hotlines import tasks
    from hotlines.links import sending
    from hotlines.orders import taking

    taking.LEASE = sending.LEASE = timedelta(seconds=float(os.environ["WORKER_LEASE"]))
    taking.CHUNK = 20
    while True:
        tasks.tend_orders()
        tasks.listen()
        tasks.speak()
        time.sleep(0.1)


if __name__ == "__main__":
    main()
