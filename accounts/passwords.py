"""What a password must be (facts: GB/T 22239-2019 §8.1.4.1 a), as Django's validators."""

from __future__ import annotations

import secrets
import string
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import PasswordRecord, User
from accounts.policy import PASSWORD_HISTORY, password_days

# Without 0 O 1 l I: a one-time password is read from paper.
_LETTERS = "abcdefghijkmnpqrstuvwxyz"
_CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"


class LengthValidator:
    """At least so many characters (Django's own sentence has no Chinese translation in 5.2)."""

    def __init__(self, min_length: int = 10) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when it is shorter."""
        if len(password) < self.min_length:
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return f"密码至少 {self.min_length} 位。"


class MixedCharactersValidator:
    """Asks for characters of `classes` out of four: capitals, small letters, digits, others."""

    def __init__(self, classes: int = 3) -> None:
        self.classes = classes

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when too few kinds are used."""
        groups = (string.ascii_uppercase, string.ascii_lowercase, string.digits)
        known = "".join(groups)
        used = sum(any(char in group for char in password) for group in groups)
        used += any(char not in known for char in password)
        if used < self.classes:
            raise ValidationError(self.get_help_text(), code="password_not_mixed")

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return f"密码须含大写字母、小写字母、数字、符号中的至少 {self.classes} 种。"


class NoUsernameValidator:
    """The log-in name, forwards or backwards, must not stand in the password."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when it does."""
        username = (user.username if user else "").lower()
        if len(username) >= 3 and (username in password.lower() or username[::-1] in password.lower()):
            raise ValidationError(self.get_help_text(), code="password_has_username")

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return "密码不能包含登录名。"


class HistoryValidator:
    """The last passwords are not taken again; each new one is remembered (hashed)."""

    def __init__(self, remember: int = PASSWORD_HISTORY) -> None:
        self.remember = remember

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when it was used lately."""
        if user is None or user.pk is None:
            return
        used = [user.password, *self._records(user).values_list("encoded", flat=True)[: self.remember]]
        if any(check_password(password, encoded) for encoded in dict.fromkeys(used)):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def password_changed(self, password: str, user: User | None = None) -> None:
        """Django calls this after a password was saved."""
        if user is None or user.pk is None:
            return
        PasswordRecord.objects.create(user=user, encoded=user.password)
        kept = self._records(user).values_list("pk", flat=True)[: self.remember]
        PasswordRecord.objects.filter(user=user).exclude(pk__in=list(kept)).delete()

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return f"密码不能与最近 {self.remember} 次用过的相同。"

    def _records(self, user: User):  # type: ignore[no-untyped-def]
        return PasswordRecord.objects.filter(user=user).order_by("-id")


def is_due(user: User, now: datetime) -> bool:
    """True when the password must be changed before anything else: a first one, or one that has grown old."""
    if user.must_change_password:
        return True
    days = password_days()
    changed = user.password_changed_at or user.date_joined
    return bool(days) and now - changed > timedelta(days=days)


def one_time_password() -> str:
    """A first password that keeps the rules: 14 characters, about 76 bits, easily read from paper."""
    groups = [_LETTERS, _CAPITALS, _DIGITS]
    chars = [secrets.choice(group) for group in groups] + [secrets.choice("".join(groups)) for _ in range(9)]
    secrets.SystemRandom().shuffle(chars)
    text = "".join(chars)
    return "-".join(text[start : start + 4] for start in (0, 4, 8))


def changed_now(user: User, password: str, now: datetime | None = None, *, first: bool = False) -> None:
    """Set and save a password that was validated before; `first` = must be changed at the next log-in."""
    user.set_password(password)
    user.password_changed_at = now or timezone.now()
    user.must_change_password = first
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
