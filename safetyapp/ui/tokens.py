"""The colours, one job each, light and dark, as data; sizes stand in metrics."""

from __future__ import annotations

from typing import NamedTuple


class Theme(NamedTuple):
    """One theme: every colour as #RRGGBB. Red and amber say severity only, violet lateness only, black trouble only."""

    name: str
    bg_app: str
    bg_surface: str
    bg_sunken: str
    bg_hover: str
    bg_selected: str
    line: str
    line_strong: str
    ink: str
    ink2: str
    ink3: str
    brand: str
    brand_hover: str
    brand_tint: str
    on_brand: str
    major: str
    major_tint: str
    major_fill: str
    on_major: str
    minor: str
    minor_tint: str
    minor_fill: str
    on_minor: str
    over: str
    over_tint: str
    trouble: str
    on_trouble: str
    focus: str
    rail: str
    rail_ink: str
    rail_active: str
    rail_mark: str
    canvas: str

    @property
    def is_dark(self) -> bool:
        return self.name == "dark"

    def colours(self) -> dict[str, str]:
        """Every token by name."""
        return {token: colour for token, colour in self._asdict().items() if token != "name"}


LIGHT = Theme(
    name="light",
    bg_app="#F3F4F1",
    bg_surface="#FFFFFF",
    bg_sunken="#E9ECE8",
    bg_hover="#EEF3F1",
    bg_selected="#DCECEA",
    line="#D6DBD7",
    line_strong="#7F8C91",
    ink="#17252B",
    ink2="#46565D",
    ink3="#5C6A70",
    brand="#0B6B6A",
    brand_hover="#085554",
    brand_tint="#DDEFED",
    on_brand="#FFFFFF",
    major="#B42318",
    major_tint="#FCE8E5",
    major_fill="#B42318",
    on_major="#FFFFFF",
    minor="#8A5200",
    minor_tint="#FBEED6",
    minor_fill="#C97800",
    on_minor="#1B1202",
    over="#6B3FA0",
    over_tint="#F0E9F9",
    trouble="#1B2429",
    on_trouble="#FFFFFF",
    focus="#1459C7",
    rail="#10282D",
    rail_ink="#C3D2D2",
    rail_active="#1E4046",
    rail_mark="#5CCABD",
    canvas="#C9CECB",
)

DARK = Theme(
    name="dark",
    bg_app="#12191C",
    bg_surface="#1B2428",
    bg_sunken="#232E33",
    bg_hover="#243036",
    bg_selected="#1C4443",
    line="#35434A",
    line_strong="#788990",
    ink="#E9EFED",
    ink2="#B9C5C7",
    ink3="#A0AEB2",
    brand="#5CC8BB",
    brand_hover="#7AD6CB",
    brand_tint="#173B3A",
    on_brand="#06201F",
    major="#FF9182",
    major_tint="#45201B",
    major_fill="#E5543F",
    on_major="#1B0A07",
    minor="#F2B654",
    minor_tint="#3D2D10",
    minor_fill="#DB9122",
    on_minor="#1B1202",
    over="#C7A6F3",
    over_tint="#32254A",
    trouble="#E9EFED",
    on_trouble="#12191C",
    focus="#74B3FF",
    rail="#0B1214",
    rail_ink="#A9B9BA",
    rail_active="#1A2F33",
    rail_mark="#5CC8BB",
    canvas="#0C1113",
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}

TEXT_PAIRS = (
    ("ink", "bg_surface"), ("ink", "bg_app"), ("ink", "bg_hover"), ("ink", "bg_selected"), ("ink", "bg_sunken"),
    ("ink2", "bg_surface"), ("ink2", "bg_app"), ("ink2", "bg_sunken"), ("ink2", "bg_hover"), ("ink2", "bg_selected"),
    ("ink3", "bg_surface"), ("ink3", "bg_app"), ("ink3", "bg_selected"), ("ink3", "bg_hover"), ("ink3", "bg_sunken"),
    ("brand", "bg_surface"), ("brand", "brand_tint"), ("brand", "bg_selected"), ("brand", "bg_app"),
    ("on_brand", "brand"), ("on_brand", "brand_hover"),
    ("major", "bg_surface"), ("major", "major_tint"), ("on_major", "major_fill"), ("major", "bg_selected"),
    ("minor", "bg_surface"), ("minor", "minor_tint"), ("on_minor", "minor_fill"), ("minor", "bg_selected"),
    ("over", "bg_surface"), ("over", "over_tint"), ("over", "bg_selected"),
    ("on_trouble", "trouble"), ("rail_ink", "rail"), ("rail_ink", "rail_active"), ("rail_mark", "rail_active"),
)  # fmt: skip
"""What is read as text on what: contrast at least 4.5."""

PART_PAIRS = (
    ("line_strong", "bg_surface"), ("line_strong", "bg_app"), ("brand", "bg_surface"), ("brand", "bg_app"),
    ("major_fill", "bg_surface"), ("minor_fill", "bg_surface"), ("focus", "bg_surface"), ("focus", "bg_app"),
    ("focus", "bg_selected"), ("rail_mark", "rail"), ("rail_mark", "rail_active"),
)  # fmt: skip
"""Borders, marks and rings on what: contrast at least 3."""


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two #RRGGBB colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
