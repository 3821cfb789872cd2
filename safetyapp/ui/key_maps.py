"""Which keys each screen has, as data: what help shows, prints and searches. A test compares it with what is bound."""

from __future__ import annotations

from typing import NamedTuple

from safetyapp.texts import Texts


class Key(NamedTuple):
    """One thing to do: the keys that do it, as caps ("Ctrl P"), and the key of its sentence. `typed` are keys that a
    list takes itself while it has the focus; the others are bound to the screen."""

    caps: tuple[str, ...]
    text: str
    typed: bool = False


def _typed(text: str, *caps: str) -> Key:
    return Key(caps, f"keys.{text}", typed=True)


def _bound(text: str, *caps: str) -> Key:
    return Key(caps, f"keys.{text}")


def _of(text: str, *caps: str) -> Key:
    """Taken by the list, the sentence being that of another table."""
    return Key(caps, text, typed=True)


ANYWHERE = (
    _bound("today", "Alt 1"), _bound("documents", "Alt 2"), _bound("drills", "Alt 3"),
    _bound("settings", "Ctrl ,"), _bound("new", "Ctrl N"),
    _bound("find", "Ctrl K"), _bound("panes", "F6", "Shift F6"), _bound("help", "Ctrl F1"),
    _typed("help", "F1"), _typed("back", "Esc"),
)  # fmt: skip
IN_WORK = (_bound("help", "Ctrl F1"),)
"""Of those the ones that work while an inspection is filled or signed."""

SCREENS: dict[str, tuple[Key, ...]] = {
    "today": (
        _typed("today_arrows", "↑", "↓", "←", "→"), _typed("today_enter", "Enter"), _bound("today_filter", "F2"),
        _bound("today_view", "F3"), _bound("today_postpone", "F4"), _bound("undo", "Ctrl Z"),
        _bound("today_report", "F7"), _of("duty.keys.copy", "Ctrl C"), _bound("give", "Ctrl J"),
        _typed("today_tab", "Tab"),
    ),
    "documents": (
        _typed("documents_move", "↑", "↓"), _typed("documents_page", "Space"), _bound("print_page", "Ctrl P"),
        _typed("documents_select", "Shift ↑", "Shift ↓"), _bound("documents_save", "Ctrl S"),
        _bound("documents_export", "Ctrl E"), _typed("documents_search", "/"), _bound("documents_filter", "Ctrl F"),
        _typed("documents_again", "V"), _typed("documents_zoom", "+", "−", "0"), _bound("documents_panel", "F4"),
    ),
    "fill": (
        _typed("fill_answer", "1", "2", "3"), _typed("fill_clear", "0"), _typed("fill_move", "↑", "↓", "J", "K"),
        _typed("fill_section", "PgUp", "PgDn"), _typed("fill_ends", "Home", "End"), _typed("fill_open", "Enter"),
        _typed("fill_close", "Esc"), _bound("fill_inside", "Alt ↑", "Alt ↓"), _bound("fill_jump", "Ctrl G", "Ctrl F"),
        _bound("fill_next", "F8"), _bound("fill_photo_wanted", "Shift F8"), _typed("fill_photo", "P"),
        _bound("fill_photo", "Alt P"), _bound("fill_paste", "Ctrl V"), _typed("fill_note", "N"),
        _bound("fill_note", "Alt N"), _typed("fill_na", "X"), _bound("fill_phrases", "Ctrl ;"),
        _bound("fill_place", "Ctrl D"), _bound("fill_add", "Ctrl Enter"), _bound("undo", "Ctrl Z"),
        _bound("redo", "Ctrl Y", "Ctrl Shift Z"), _bound("fill_help", "F1"), _bound("fill_sign", "F9"),
        _bound("fill_rest", "Ctrl Shift 1"), _bound("fill_tray", "Ctrl T"), _bound("fill_watch", "Ctrl Shift P"),
        _bound("give", "Ctrl J"), _bound("leave", "Alt ←"),
    ),
    "annotate": (
        _of("annotate.keys.tools", "V", "A", "O", "R", "T", "B", "C", "W"), _of("annotate.keys.middle", "Enter"),
        _of("annotate.keys.move", "←", "→", "↑", "↓"), _of("annotate.keys.far", "Shift ←"),
        _of("annotate.keys.size", "Alt ←"), _of("annotate.keys.remove", "Del"),
        _of("annotate.keys.original", "Space"), _of("annotate.keys.zoom", "+", "−", "0"),
        _of("annotate.keys.photo", "PgUp", "PgDn"), _of("annotate.keys.undo", "Ctrl Z", "Ctrl Y"),
        _of("annotate.keys.done", "Esc"),
    ),
    "drills": (_typed("drills_move", "↑", "↓"), _typed("drills_open", "Enter"), _typed("drills_new", "N")),
    "drill": (
        _typed("drill_start", "Space"), _bound("drill_points", "F1", "F2", "F3", "F4", "F5", "F6", "F7"),
        _typed("drill_class", "0–9", "Enter"), _typed("drill_back", "Backspace"), _bound("drill_back", "Ctrl Z"),
        _bound("redo", "Ctrl Y"), _typed("drill_crowd", "G"), _typed("drill_problem", "N"),
        _bound("drill_next", "F8"), _bound("drill_end", "F9"), _bound("drill_reduced", "F11"),
        _bound("drill_sheet", "Ctrl E"), _bound("leave", "Alt ←"),
    ),
    "sign": (
        _bound("sign", "Ctrl Enter"), _bound("leave", "Alt ←"), _bound("print_page", "Ctrl P"),
        _bound("documents_export", "Ctrl S"),
    ),
    "settings": (_typed("settings_move", "↑", "↓"), _typed("settings_tab", "Tab"), _bound("settings_find", "Ctrl F")),
    "first": (_typed("first_enter", "Enter"), _typed("first_tab", "Tab")),
}  # fmt: skip
"""By the name of the screen; the order is that of the work."""

_QT = {"↑": "Up", "↓": "Down", "←": "Left", "→": "Right", "Enter": "Return"}


def qt_keys(caps: str) -> str:
    """The caps as Qt spells a sequence of keys: "Alt ←" is "Alt+Left"."""
    return "+".join(_QT.get(part, part) for part in caps.split())


def described(texts: Texts, screen: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The map of a screen in words: (heading, (keys, what) …), its own keys first."""
    work = screen in ("fill", "sign", "first", "annotate", "drill")
    say = texts.say
    own = [("  ".join(key.caps), say(key.text)) for key in SCREENS[screen]]
    rest = [("  ".join(key.caps), say(key.text)) for key in (IN_WORK if work else ANYWHERE)]
    return [(say(f"keys.screen.{screen}"), own), (say("keys.any"), rest)]


def as_text(texts: Texts, screens: tuple[str, ...]) -> str:
    """The maps of screens as plain text, to be copied or printed."""
    lines: list[str] = []
    for screen in screens:
        own, _ = described(texts, screen)
        lines += [own[0], *(f"  {keys:<18} {what}" for keys, what in own[1]), ""]
    heading, rest = described(texts, "today")[1]
    lines += [heading, *(f"  {keys:<18} {what}" for keys, what in rest)]
    return "\n".join(lines)
