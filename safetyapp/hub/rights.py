"""Who may: pure rules about people, kinds and schools. Whoever may read a document may also bring it, if people of
their role bring that kind: it is signed, so the bringer adds nothing to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.school import PersonId, Role, SchoolId

_BRINGS: Mapping[Role, frozenset[DocumentKind]] = {
    Role.OFFICE: frozenset(DocumentKind),
    Role.INSPECTOR: frozenset({DocumentKind.INSPECTION_REPORT, DocumentKind.REINSPECTION, DocumentKind.VOID}),
    Role.SCHOOL: frozenset({DocumentKind.RESPONSE, DocumentKind.VOID}),
}
"""The kinds that people of a role send; what an office issues comes from an office."""


@dataclass(frozen=True, slots=True)
class Known:
    """A person as the hub knows them: role, and the schools they are assigned to or answer for."""

    person: PersonId
    name: str
    role: Role
    schools: frozenset[SchoolId]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a right to a document depends on."""

    kind: DocumentKind
    school: SchoolId
    made_by: PersonId


def may_read(who: Known, document: Facts) -> bool:
    """The office all; an inspector the own ones and those of assigned schools; a school its own."""
    match who.role:
        case Role.OFFICE:
            return True
        case Role.INSPECTOR:
            return document.made_by == who.person or document.school in who.schools
        case Role.SCHOOL:
            return document.school in who.schools


def may_bring_kind(role: Role, kind: DocumentKind) -> bool:
    return kind in _BRINGS[role]


def may_sign_for(signer: Known | None, role: Role, school: SchoolId) -> bool:
    """Whether the signer may say something about this school. A school's person speaks for their own only, so the hub
    must know them; inspectors and the office are sent anywhere. `role` is what their certificate says."""
    if role is Role.SCHOOL:
        return signer is not None and signer.role is Role.SCHOOL and school in signer.schools
    return True


def scope_of(who: Known) -> str:
    """Changes when what this person may read changes."""
    return hashlib.sha256(canonical_json([who.person, who.role, who.schools])).hexdigest()[:16]
