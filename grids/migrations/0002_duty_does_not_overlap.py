"""One person serves one grid as one kind of worker once at a time: the database says so."""

from django.db import migrations

from grids.overlaps import allow_overlaps, refuse_overlaps


class Migration(migrations.Migration):
    dependencies = [("grids", "0001_initial")]

    operations = [migrations.RunPython(refuse_overlaps, allow_overlaps)]
