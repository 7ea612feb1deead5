"""The case portal of a district comprehensive-governance centre: composition and settings."""

from governance_portal.celery import app as celery_app

__all__ = ["celery_app"]
