"""Measures the portal beside its floor: the same work in plain psycopg2 over an ideal hand-written schema.

`python -m bench` loads 100,000 cases, measures and writes docs/performance.md; see `python -m bench --help`.
Importing this package readies Django for the bench's own database and for no other.
"""

import os

import django

from bench.environment import variables

os.environ.update(variables())
django.setup()
