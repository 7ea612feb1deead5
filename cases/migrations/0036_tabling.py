"""Reserved for one change of the boards; filled by whoever builds it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0035_bulletins")]
    operations: list[object] = []
