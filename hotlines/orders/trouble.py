"""What stops one order and must stop no other: a fault of ours, a database that is away, text that nothing can keep."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError

from cases.needs import is_storable

#: The database could not take it now; tried again later. Any other trouble comes again with the same order.
PASSING = (OperationalError, InterfaceError)
BROKEN = "平台处理这一件时出错，已自动记录。请稍后重试；还不行请告诉系统管理员。"
UNKEPT = "含有无法保存的字符，请去掉后再提交。"
_SIGN = "\ufffd"


def printable(text: str) -> str:
    """Return the text with a sign in the place of each letter that no database keeps and no answer can carry."""
    return "".join(letter if is_storable(letter) else _SIGN for letter in text)
