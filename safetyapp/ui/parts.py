"""The shared parts by one name. Every part takes the Look and its texts; none knows a screen."""

from __future__ import annotations

from safetyapp.ui.buttons import Button, Kind, PrimaryButton
from safetyapp.ui.chips import Chip, ChipLabel, KeyCap, chip_width, key_cap_width, paint_chip, paint_key_cap
from safetyapp.ui.focus_ring import FocusRing
from safetyapp.ui.happenings import DropHint, ProgressLine, Toast, TroubleBar, announce
from safetyapp.ui.segment import (
    Option,
    Segment,
    Tone,
    paint_segment_text,
    paint_segments,
    segment_width,
    segment_widths,
)
from safetyapp.ui.surfaces import Card, EmptyState, Header, Line, SearchField
from safetyapp.ui.words import IconLabel, Label, fits, paint_wrapped

__all__ = [
    "Button",
    "Card",
    "Chip",
    "ChipLabel",
    "DropHint",
    "EmptyState",
    "FocusRing",
    "Header",
    "IconLabel",
    "KeyCap",
    "Kind",
    "Label",
    "Line",
    "Option",
    "PrimaryButton",
    "ProgressLine",
    "SearchField",
    "Segment",
    "Toast",
    "Tone",
    "TroubleBar",
    "announce",
    "chip_width",
    "fits",
    "key_cap_width",
    "paint_chip",
    "paint_key_cap",
    "paint_segment_text",
    "paint_segments",
    "paint_wrapped",
    "segment_width",
    "segment_widths",
]
