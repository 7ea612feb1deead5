"""The lines' part of the API."""
