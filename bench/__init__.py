"""Measures the portal beside its floor: the same work in plain psycopg2 over an ideal hand-written schema.

`python -m bench` loads 100,000 cases, measures and writes docs/performance.md; see `python -m bench --help`.
Importing this package readies Django for the bench's own database and for no other.
"""

import os

import django
from django.conf import settings

from bench.environment import variables

# The tests look at some of it, in their own surroundings: what they start must not find the bench's keys there.
if not settings.configured:
    os.environ.update(variables())
django.setup()
