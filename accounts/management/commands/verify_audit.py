"""`manage.py verify_audit [--root SEAL]`: recompute the log's chain; exit code 1 when anything was altered."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import audit


class Command(BaseCommand):
    """Says which entries are not as they were written."""

    help = "核对审计记录是否被改动、删除或补插；--root 给出异地抄存的封印，可发现整条链被重做。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The seal kept elsewhere."""
        parser.add_argument("--root", default="", help="异地抄存的封印（64 位）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify everything."""
        findings = audit.verify(options["root"])
        if findings:
            raise CommandError("\n".join(finding.sentence for finding in findings))
        self.stdout.write("审计记录完整，未发现改动。")
