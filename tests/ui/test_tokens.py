"""The token file: every pair of text and ground is readable, and both ways into the dark are the same dark."""

import re

import pytest
from django.conf import settings

CSS = (settings.BASE_DIR / "static/css/portal.css").read_text(encoding="utf-8")
BLOCK = re.compile(r'(:root|\[data-theme="(?:dark|auto)"\]) \{(.*?)\}', re.S)
TOKEN = re.compile(r"(--[a-z0-9-]+): ([^;]+);")

#: (text, ground): every pair that components put together.
TEXT_PAIRS = [
    *[(text, ground) for text in ("ink", "ink-soft") for ground in ("paper", "card", "sunken", "brand-soft")],
    *[("ink", f"{tone}-soft") for tone in ("red", "amber", "green", "plum", "grey")],
    *[("ink-soft", f"{tone}-soft") for tone in ("red", "amber", "green", "plum")],
    *[("ink", "inner"), ("inner-text", "inner"), ("ink-soft", "inner")],
    *[("brand-text", ground) for ground in ("paper", "card", "brand-soft", "sunken")],
    *[
        ("on-brand", "brand"),
        ("on-brand", "brand-strong"),
        ("on-bar", "bar"),
        ("on-bar", "bar-field"),
        ("bar", "on-bar"),
    ],
    *[("on-red", "red"), ("red-text", "card"), ("red-text", "red-soft")],
    *[("amber-text", ground) for ground in ("card", "amber-soft", "brand-soft")],
    *[("green-text", "green-soft"), ("grey", "grey-soft"), ("plum", "card"), ("plum", "paper"), ("plum", "plum-soft")],
    *[(f"on-stage-{depth}", f"stage-{depth}") for depth in range(1, 6)],
]
#: Borders of controls and dots of levels: shapes need 3:1.
SHAPE_PAIRS = [
    ("line-strong", "card"),
    ("line-strong", "paper"),
    ("focus", "card"),
    ("focus", "paper"),
    ("brand", "card"),
    *[(f"dot-{colour}", "card") for colour in ("blue", "orange", "red")],
]


def tokens() -> dict[str, dict[str, str]]:
    """The tokens of each theme; the dark ones stand on the light ones."""
    found: dict[str, dict[str, str]] = {}
    for selector, body in BLOCK.findall(CSS):
        name = {":root": "light", '[data-theme="dark"]': "dark", '[data-theme="auto"]': "auto"}[selector]
        if name not in found:
            found[name] = {token: value.strip() for token, value in TOKEN.findall(body)}
    return {
        "light": found["light"],
        "dark": {**found["light"], **found["dark"]},
        "auto": {**found["light"], **found["auto"]},
    }


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.x."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(theme: dict[str, str], first: str, second: str) -> float:
    """Contrast after WCAG 2.x, 1 to 21."""
    lighter, darker = sorted((luminance(theme[f"--{first}"]), luminance(theme[f"--{second}"])), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_is_readable_on_its_ground(theme: str) -> None:
    found = tokens()[theme]
    weak = {pair: round(contrast(found, *pair), 2) for pair in TEXT_PAIRS if contrast(found, *pair) < 4.5}
    assert weak == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_shape_is_seen_on_its_ground(theme: str) -> None:
    found = tokens()[theme]
    weak = {pair: round(contrast(found, *pair), 2) for pair in SHAPE_PAIRS if contrast(found, *pair) < 3}
    assert weak == {}


def test_the_chosen_dark_and_the_system_dark_are_the_same() -> None:
    found = tokens()
    assert found["dark"] == found["auto"]


def test_the_colours_that_carry_meaning_are_the_agreed_ones() -> None:
    light = tokens()["light"]
    assert [light[f"--{name}"] for name in ("ink", "paper", "brand", "red", "amber", "green")] == [
        "#1b2733", "#f7f8fa", "#14457b", "#c1272d", "#9a6200", "#1e7f4f",
    ]  # fmt: skip
    assert [light[f"--stage-{depth}"] for depth in range(1, 6)] == [
        "#dbe7f5", "#b9d0ea", "#8fb3da", "#3f6fa8", "#14457b",
    ]  # fmt: skip


@pytest.mark.parametrize("sheet", ["portal", "components", "frame", "public", "print"])
def test_our_sheets_use_nothing_that_older_browsers_on_desks_lack(sheet: str) -> None:
    text = (settings.BASE_DIR / f"static/css/{sheet}.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    young = ("color-mix(", "oklch(", "light-dark(", ":has(", "@layer", "@container", "inset:", "&")
    assert [word for word in young if word in text] == []
