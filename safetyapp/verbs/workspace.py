"""The verbs about a workspace as a whole: make one, make one to show, look whether one is sound, keep
a copy of one and take it back."""

from __future__ import annotations

import getpass

from safetyapp.domain.canonical import to_plain
from safetyapp.domain.school import Role
from safetyapp.verbs.call import Answered, Call


def demo(call: Call) -> Answered:
    from safetyapp.demo import build_demo

    arguments = call.arguments
    made = build_demo(arguments.dir, call.settings, arguments.schools, arguments.reports, arguments.seed)
    lines = [call.texts.say("cli.demo", documents=len(made.documents), folder=str(arguments.dir))]
    lines += [str(document.path) for document in made.documents]
    return Answered(to_plain(made.as_data()), tuple(lines))


def init(call: Call) -> Answered:
    from safetyapp.app import create_workspace

    role = Role(call.arguments.role)
    name = call.arguments.name.strip() or getpass.getuser()
    made = create_workspace(call.settings.workspace, role, name, call.passphrase())
    text = call.texts.say("cli.init", workspace=str(made.workspace), ca=str(made.ca))
    return Answered({"workspace": str(made.workspace), "ca": str(made.ca)}, (text,))


def backup(call: Call) -> Answered:
    from safetyapp.app import back_up

    made = back_up(call.settings, call.arguments.file)
    text = call.texts.say("cli.backup", path=made.path, files=made.files, megabytes=f"{made.size / 1_048_576:.1f}")
    data = {"ok": True, "problems": [], "path": made.path, "files": made.files, "size": made.size}
    return Answered(to_plain(data), (text,))


def restore(call: Call) -> Answered:
    from safetyapp.app import restore_backup

    aside = restore_backup(call.settings, call.arguments.file)
    workspace = str(call.settings.workspace)
    lines = [call.texts.say("cli.restore", workspace=workspace)]
    if aside is not None:
        lines.append(call.texts.say("cli.restore_aside", path=str(aside)))
    data = {"ok": True, "problems": [], "workspace": workspace, "aside": str(aside) if aside else ""}
    return Answered(to_plain(data), tuple(lines))


def doctor(call: Call) -> Answered:
    from safetyapp.app import examine

    found = examine(call.settings, repair=bool(call.arguments.repair))
    lines = found.problems or (call.texts.say("cli.healthy"),)
    return Answered({"ok": found.ok, "problems": list(found.problems)}, tuple(lines), 0 if found.ok else 1)
