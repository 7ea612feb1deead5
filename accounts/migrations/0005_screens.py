"""Reserved for one change of the boards; filled by whoever builds it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_deliveries")]
    operations: list[object] = []
