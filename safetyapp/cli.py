"""The command line: what may be said, in which words it answers, and how it ends. The verbs are in safetyapp.verbs.

Exit: 0 yes or done, 1 the answer is no, 2 could not be done, 130 stopped by Ctrl-C. No verb imports Qt.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from safetyapp.domain.problem import Problem
from safetyapp.settings import Settings, read_settings
from safetyapp.texts import Texts

if TYPE_CHECKING:
    from safetyapp.domain.progress import Progress


class _Parser(argparse.ArgumentParser):
    """Says usage errors in one line on stderr, like every other error."""

    def error(self, message: str) -> NoReturn:
        raise Problem("usage", message=message, usage=" ".join(self.format_usage().split()[1:]))


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one verb and returns its exit code; with no verb, opens the window."""
    texts = Texts()
    try:
        settings = read_settings()
        texts = Texts(settings.language)
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        # what was typed in no encoding cannot be kept or shown
        for typed in sys.argv[1:] if argv is None else argv:
            typed.encode()
        if argv is None and len(sys.argv) == 1:  # the window opens sooner without a parser for what nobody typed
            return _open(settings)
        return _run(_parser(texts).parse_args(argv), settings, texts)
    except Problem as problem:
        from safetyapp.verbs.call import told

        print(f"error: {one_line(texts.explain(told(problem)).line())}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 2
    except (OSError, UnicodeError, MemoryError) as error:
        what = texts.explain(Problem("system", reason=one_line(str(error) or type(error).__name__)))
        print(f"error: {what.line()}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, RuntimeError) as stop:
        # Python hides a Ctrl-C that meets a class on its way in (a module being imported) behind a RuntimeError
        if not isinstance(stop, KeyboardInterrupt) and not isinstance(stop.__cause__, KeyboardInterrupt):
            raise
        print(texts.say("cli.stopped"), file=sys.stderr)
        return 130


def _run(arguments: argparse.Namespace, settings: Settings, texts: Texts) -> int:
    if arguments.version:
        told = _versions()
        print(json.dumps(told) if arguments.json else " · ".join(f"{name} {found}" for name, found in told.items()))
        return 0
    if arguments.workspace is not None:
        settings = replace(settings, workspace=arguments.workspace)
    if arguments.verb is None:
        return _open(settings)
    from safetyapp.verbs.call import Call
    from safetyapp.verbs.table import VERBS

    answered = VERBS[arguments.verb](Call(arguments, settings, texts))
    if answered.is_told:
        return answered.exit
    if arguments.json:
        print(json.dumps(answered.data, ensure_ascii=False, indent=1))
    else:
        for line in answered.lines:
            print(one_line(line))
    sys.stdout.flush()
    return answered.exit


def one_line(text: str) -> str:
    """The text without what would break a line or drive a terminal; a tab stays, it parts columns."""
    return "".join(c if c.isprintable() or c == "\t" else "�" if c != "\n" else " " for c in text)


def _open(settings: Settings) -> int:
    """The window; where there is no display, the main job without one."""
    if has_display(sys.platform, os.environ):
        from safetyapp.app import open_window

        return open_window(settings, _make_demo)
    from safetyapp.demo import headless_inspection

    return headless_inspection(settings)


def _make_demo(folder: Path, language: str, progress: Progress) -> object:
    """For the window, which cannot build it itself."""
    from safetyapp.demo import window_demo

    return window_demo(folder, language, progress)


def has_display(platform: str, environ: Mapping[str, str]) -> bool:
    """Whether a window can be shown: always on Windows and macOS, else where a display server or QPA is named."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return platform in ("win32", "darwin") or any(environ.get(name) for name in names)


def _versions() -> dict[str, str]:
    """Program, Python, Qt and SQLite; Qt's version is read from its package, not by importing it."""
    import platform
    import sqlite3
    from importlib.metadata import PackageNotFoundError, version

    def installed(name: str) -> str:
        try:
            return version(name)
        except PackageNotFoundError:
            return "-"

    ours, qt = installed("safetyapp"), installed("pyside6-essentials")
    return {"safetyapp": ours, "Python": platform.python_version(), "Qt": qt, "SQLite": sqlite3.sqlite_version}


def _parser(texts: Texts) -> argparse.ArgumentParser:
    common = _common(texts, argparse.SUPPRESS, argparse.SUPPRESS)
    # before the verb the same options have their defaults; after it they only count where they were typed
    parser = _Parser(prog="safetyapp", description=texts.say("cli.help.program"), parents=[_common(texts, None, False)])
    parser.add_argument("--version", action="store_true", help=texts.say("cli.help.version"))
    parser.set_defaults(verb=None)
    verbs = parser.add_subparsers(metavar="VERB", parser_class=_Parser)

    def add(group: argparse._SubParsersAction[_Parser], name: str, verb: str) -> argparse.ArgumentParser:
        child = group.add_parser(name, parents=[common], help=texts.say(f"cli.help.{verb.replace(' ', '_')}"))
        child.set_defaults(verb=verb)
        return child

    def nest(name: str) -> argparse._SubParsersAction[_Parser]:
        child = verbs.add_parser(name, parents=[common], help=texts.say(f"cli.help.{name}"))
        return child.add_subparsers(metavar="VERB", required=True, parser_class=_Parser)

    demo = add(verbs, "demo", "demo")
    demo.add_argument("--dir", type=Path, required=True)
    demo.add_argument("--schools", type=_count, default=3)
    demo.add_argument("--reports", type=_count, default=4)
    demo.add_argument("--seed", type=int, default=1)
    init = add(verbs, "init", "init")
    init.add_argument("--role", choices=["office", "inspector", "school"], required=True)
    init.add_argument("--name", default="")
    _add_passphrase(init)
    schools = nest("schools")
    schools_import = add(schools, "import", "schools import")
    schools_import.add_argument("file", type=Path)
    schools_import.add_argument("--dry-run", action="store_true")
    add(schools, "list", "schools list")
    roster = add(schools, "roster", "schools roster")
    roster.add_argument("file", type=Path)
    roster.add_argument("--school", required=True)
    roster.add_argument("--whole", action="store_true", help=texts.say("cli.help.whole"))
    roster.add_argument("--dry-run", action="store_true")
    due = add(verbs, "due", "due")
    due.add_argument("--school")
    due.add_argument("--on", type=_day)
    due.add_argument("--by", choices=["school", "district"])
    due.add_argument("--calendar", action="store_true", help=texts.say("cli.help.calendar"))
    due.add_argument("--all", action="store_true", help=texts.say("cli.help.all"))
    forms = nest("forms")
    add(forms, "list", "forms list")
    add(forms, "check", "forms check").add_argument("file", type=Path, nargs="+")
    convert = add(forms, "convert", "forms convert")
    convert.add_argument("source", type=Path, metavar="IN")
    convert.add_argument("target", type=Path, metavar="OUT")
    convert.add_argument("--xlsform", action="store_true", help=texts.say("cli.help.xlsform"))
    forms_import = add(forms, "import", "forms import")
    forms_import.add_argument("file", type=Path)
    forms_import.add_argument("--dry-run", action="store_true")
    _add_inspect(nest("inspect"), add)
    verify = add(verbs, "verify", "verify")
    verify.add_argument("file", type=Path, nargs="+")
    verify.add_argument("--ca", type=Path)
    show = add(verbs, "show", "show")
    show.add_argument("file", type=Path)
    add(verbs, "import", "import").add_argument("path", type=Path, nargs="+")
    export = add(verbs, "export", "export")
    export.add_argument("--to", type=Path, required=True)
    export.add_argument("--kind")
    export.add_argument("--since", type=_day)
    export.add_argument("--school")
    _add_printing(texts, verbs, add)
    documents = add(verbs, "documents", "documents")
    documents.add_argument("--kind")
    documents.add_argument("--school")
    documents.add_argument("--text", default="")
    findings = add(verbs, "findings", "findings")
    findings.add_argument("--state")
    findings.add_argument("--school")
    findings.add_argument("--overdue-on", type=_day)
    findings.add_argument("--search")
    add(verbs, "fonts", "fonts")
    _add_key(nest("key"), add)
    enrol = nest("enrol")
    _add_hub(nest("hub"), nest("people"), enrol, add)
    _add_sync(add(verbs, "sync", "sync"), enrol, add)
    add(verbs, "backup", "backup").add_argument("file", type=Path)
    add(verbs, "restore", "restore").add_argument("file", type=Path)
    add(verbs, "doctor", "doctor").add_argument("--repair", action="store_true")
    return parser


def _common(texts: Texts, workspace: object, as_json: object) -> _Parser:
    common = _Parser(add_help=False)
    common.add_argument(
        "--workspace", type=Path, metavar="DIR", default=workspace, help=texts.say("cli.help.workspace")
    )
    common.add_argument("--json", action="store_true", default=as_json, help=texts.say("cli.help.json"))
    return common


def _add_inspect(
    group: argparse._SubParsersAction[_Parser],
    add: Callable[[argparse._SubParsersAction[_Parser], str, str], argparse.ArgumentParser],
) -> None:
    start = add(group, "start", "inspect start")
    start.add_argument("--school", required=True)
    start.add_argument("--form", required=True)
    start.add_argument("--site", default="")
    answer = add(group, "answer", "inspect answer")
    answer.add_argument("draft")
    answer.add_argument("item")
    answer.add_argument("value")
    answer.add_argument("--note")
    answer.add_argument("--photo", type=Path, action="append", default=[])
    answer.add_argument("--after-photo", type=Path, action="append", default=[])
    answer.add_argument("--severity", choices=["general", "candidate", "major"])
    answer.add_argument("--reason", default="")
    answer.add_argument("--criterion", default="")
    answer.add_argument("--deadline", type=_day)
    answer.add_argument("--place")
    answer.add_argument("--case", default="")
    answer.add_argument("--reading", action="append", default=[], metavar="ID=VALUE")
    answer.add_argument("--fixed", action="store_true")
    clear = add(group, "clear", "inspect clear")
    clear.add_argument("draft")
    clear.add_argument("item")
    migrate = add(group, "migrate", "inspect migrate")
    migrate.add_argument("draft")
    migrate.add_argument("--dry-run", action="store_true")
    add(group, "show", "inspect show").add_argument("draft")
    finalise = add(group, "finalise", "inspect finalise")
    finalise.add_argument("draft")
    finalise.add_argument("--ink", type=Path, action="append", default=[])
    finalise.add_argument("--ink-name", action="append", default=[])
    _add_passphrase(finalise)


def _add_key(
    group: argparse._SubParsersAction[_Parser],
    add: Callable[[argparse._SubParsersAction[_Parser], str, str], argparse.ArgumentParser],
) -> None:
    add(group, "show", "key show")
    use = add(group, "use", "key use")
    use.add_argument("file", type=Path, metavar="FILE.p12")
    _add_passphrase(use)
    token = add(group, "token", "key token")
    token.add_argument("--module", type=Path, required=True)
    token.add_argument("--label", required=True)
    token.add_argument("--key", required=True, metavar="HEX")
    token.add_argument("--certificate", type=Path)
    _add_passphrase(token)
    add(group, "own", "key own")


def _add_hub(
    hub: argparse._SubParsersAction[_Parser],
    people: argparse._SubParsersAction[_Parser],
    enrol: argparse._SubParsersAction[_Parser],
    add: Callable[[argparse._SubParsersAction[_Parser], str, str], argparse.ArgumentParser],
) -> None:
    serve = add(hub, "serve", "hub serve")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=_port, default=8443)
    _add_passphrase(serve)
    doctor = add(hub, "doctor", "hub doctor")
    person = add(people, "add", "people add")
    person.add_argument("--name", required=True)
    person.add_argument("--role", choices=["office", "inspector", "school"], required=True)
    person.add_argument("--school", action="append", default=[], metavar="ID")
    person.add_argument("--id")
    listed = add(people, "list", "people list")
    revoke = add(people, "revoke", "people revoke")
    revoke.add_argument("person")
    revoke.add_argument("--why", choices=["left", "key-lost", "mistake"], default="key-lost")
    offer = add(enrol, "offer", "enrol offer")
    offer.add_argument("person")
    offer.add_argument("--to", type=Path, required=True, metavar="FILE")
    offer.add_argument("--address", action="append", required=True, metavar="https://HOST:PORT")
    offer.add_argument("--days", type=_count, default=14)
    for child in (serve, doctor, person, listed, revoke, offer):
        child.add_argument("--data", type=Path, metavar="DIR")


def _add_sync(
    sync: argparse.ArgumentParser,
    enrol: argparse._SubParsersAction[_Parser],
    add: Callable[[argparse._SubParsersAction[_Parser], str, str], argparse.ArgumentParser],
) -> None:
    how = sync.add_mutually_exclusive_group()
    how.add_argument("--watch", action="store_true")
    how.add_argument("--folder", type=Path, metavar="DIR")
    request = add(enrol, "request", "enrol request")
    request.add_argument("--to", type=Path, required=True, metavar="FILE")
    for child in (request, add(enrol, "accept", "enrol accept")):
        child.add_argument("file", type=Path)
        child.add_argument("--device", default="")
        _add_passphrase(child)


def _add_printing(
    texts: Texts,
    group: argparse._SubParsersAction[_Parser],
    add: Callable[[argparse._SubParsersAction[_Parser], str, str], argparse.ArgumentParser],
) -> None:
    merge = add(group, "merge", "merge")
    merge.add_argument("document", nargs="+", metavar="DOC", help=texts.say("cli.help.merge_document"))
    merge.add_argument("--to", type=Path, required=True, metavar="FILE.pdf")
    merge.add_argument("--both-sides", action="store_true", help=texts.say("cli.help.both_sides"))
    merge.add_argument("--no-list", action="store_true", help=texts.say("cli.help.no_list"))
    log = add(group, "print-log", "print-log")
    log.add_argument("--document", metavar="DOC")


def _add_passphrase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--passphrase-file", type=Path)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 100000")
    return int(text)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-24") from None


if __name__ == "__main__":
    sys.exit(main())
