"""The reliability harness: `make faults` (short), `LONG=1 make faults` (the whole); see docs/reliability.md.

Its own PostgreSQL cluster, its own Redis behind a proxy, the product's own web server, two workers and two beats, and the
test gateway; people who keep registering and moving cases; faults on a schedule; then an exact comparison of what was
owed with what arrived.
"""
