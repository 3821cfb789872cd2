"""The verb about fonts: which face prints what, where it comes from, and what stands in for one that is not here."""

from __future__ import annotations

from safetyapp.domain.canonical import Plain
from safetyapp.settings import read_choices
from safetyapp.verbs.call import Answered, Call


def fonts(call: Call) -> Answered:
    from safetyapp.documents.fonts import font_path, font_report

    allowed = read_choices(call.settings.workspace).system_fonts
    say = call.texts.say
    data: list[Plain] = []
    lines = [say(f"cli.fonts.{'allowed' if allowed else 'not_allowed'}")]
    for one in font_report(allowed):
        path = one.path if one.path is not None else font_path(one.name)
        data.append(
            {
                "role": one.role.value,
                "face": one.name,
                "source": one.source.value,
                "path": str(path),
                "refused": [
                    {"face": r.name, "path": str(r.path), "why": r.refusal.value if r.refusal else ""}
                    for r in one.refused
                ],
            }
        )
        role = say(f"cli.fonts.role.{one.role.value}")
        lines.append(say(f"cli.fonts.{one.source.value}", role=role, face=one.name, path=path))
        for r in one.refused:
            why = say(f"cli.fonts.why.{r.refusal.value if r.refusal else 'broken'}")
            lines.append(say("cli.fonts.refused", face=r.name, path=r.path, why=why))
    return Answered({"allowed": allowed, "roles": data}, tuple(lines))
