"""Serves the few files that pages name out of ``node_modules``, and nothing else of it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.core.checks import CheckMessage, Warning
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class AppFinder(AppDirectoriesFinder):
    """The apps' files but for the browsable API and ReDoc: this portal shows neither, and they are half the bytes."""

    unwanted = ("rest_framework", "redoc", "*.map", "swagger-ui-es-bundle*")

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield what ``collectstatic`` shall gather."""
        yield from super().list([*(ignore_patterns or ()), *self.unwanted])


class AliasedFiles(FileSystemStorage):
    """A read-only view of ``node_modules`` in which each allowed file has the name it bears under ``static/``."""

    prefix = ""

    def path(self, name: str) -> str:
        """Return the real path of an allowed name; any other name raises ``KeyError``."""
        return str(Path(self.location) / settings.NODE_MODULES_FILES[name])


class NodeModulesFinder(BaseFinder):
    """Finds exactly the files of ``settings.NODE_MODULES_FILES``."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        self.storage = AliasedFiles(location=settings.NODE_MODULES)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Warn when a named file is not there: pages would come without style."""
        missing = [name for name in settings.NODE_MODULES_FILES if not Path(self.storage.path(name)).is_file()]
        if not missing:
            return []
        return [Warning(f"缺少前端文件：{'、'.join(missing)}。", hint="请运行 make setup。", id="portal.W001")]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the real path of an allowed file that exists, or an empty list."""
        if path not in settings.NODE_MODULES_FILES or not Path(self.storage.path(path)).is_file():
            return []
        return [self.storage.path(path)] if find_all else self.storage.path(path)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield the allowed files that exist, for ``collectstatic``."""
        for name in settings.NODE_MODULES_FILES:
            if Path(self.storage.path(name)).is_file():
                yield name, self.storage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Files named by their content, compressed; source maps are not followed, as they are not served."""

    patterns = tuple(
        (kind, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
        for kind, rules in CompressedManifestStaticFilesStorage.patterns
        if kind == "*.css"
    )
