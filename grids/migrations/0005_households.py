"""Reserved for one change of the boards; filled by whoever builds it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("grids", "0004_shapes")]
    operations: list[object] = []
