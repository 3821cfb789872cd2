"""Every verb by the name it is typed with."""

from __future__ import annotations

from collections.abc import Callable

from safetyapp.verbs import documents, fonts, forms, hub, inspect, keys, printing, schools, sync, workspace
from safetyapp.verbs.call import Answered, Call

VERBS: dict[str, Callable[[Call], Answered]] = {
    "demo": workspace.demo,
    "init": workspace.init,
    "schools import": schools.import_,
    "schools list": schools.list_,
    "schools roster": schools.roster,
    "due": schools.due,
    "forms list": forms.list_,
    "forms check": forms.check,
    "forms convert": forms.convert,
    "forms import": forms.import_,
    "inspect start": inspect.start,
    "inspect answer": inspect.answer,
    "inspect clear": inspect.clear,
    "inspect migrate": inspect.migrate,
    "inspect show": inspect.show,
    "inspect finalise": inspect.finalise,
    "verify": documents.verify,
    "show": documents.show,
    "import": documents.import_,
    "export": documents.export,
    "merge": printing.merge,
    "print-log": printing.print_log,
    "documents": documents.documents,
    "findings": documents.findings,
    "fonts": fonts.fonts,
    "key show": keys.show,
    "key use": keys.use,
    "key token": keys.token,
    "key own": keys.own,
    "hub serve": hub.serve,
    "hub doctor": hub.doctor,
    "people add": hub.add,
    "people list": hub.list_,
    "people revoke": hub.revoke,
    "enrol offer": hub.offer,
    "enrol request": sync.request,
    "enrol accept": sync.accept,
    "sync": sync.sync,
    "backup": workspace.backup,
    "restore": workspace.restore,
    "doctor": workspace.doctor,
}
