"""Who may: the rules by themselves, and that everything of the wire has its words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.document import DocumentKind
from safetyapp.domain.school import PersonId, Role, SchoolId
from safetyapp.hub.rights import Facts, Known, may_bring_kind, may_read, may_sign_for, scope_of
from safetyapp.protocol_refusal import REFUSALS, Next, Reason, Who, refuse
from safetyapp.texts import Texts

schools = st.sampled_from([SchoolId("a"), SchoolId("b"), SchoolId("c")])
persons = st.sampled_from([PersonId("p"), PersonId("q")])
known = st.builds(Known, persons, st.just("张"), st.sampled_from(Role), st.frozensets(schools))
facts = st.builds(Facts, st.sampled_from(DocumentKind), schools, persons)


@given(known, facts)
def test_reading(who: Known, document: Facts) -> None:
    mine, assigned = document.made_by == who.person, document.school in who.schools
    wanted = {Role.OFFICE: True, Role.INSPECTOR: mine or assigned, Role.SCHOOL: assigned}
    assert may_read(who, document) is wanted[who.role]


@given(known, known)
def test_scope_is_the_same_only_for_the_same_rights(one: Known, other: Known) -> None:
    assert (scope_of(one) == scope_of(other)) is (one == other)


def test_what_is_brought_and_signed() -> None:
    assert all(may_bring_kind(Role.OFFICE, kind) for kind in DocumentKind)
    assert may_bring_kind(Role.INSPECTOR, DocumentKind.INSPECTION_REPORT)
    assert not may_bring_kind(Role.INSPECTOR, DocumentKind.RECTIFICATION_NOTICE)
    assert may_bring_kind(Role.SCHOOL, DocumentKind.RESPONSE)
    assert not may_bring_kind(Role.SCHOOL, DocumentKind.REINSPECTION)
    principal = Known(PersonId("s"), "周", Role.SCHOOL, frozenset({SchoolId("a")}))
    assert may_sign_for(principal, Role.SCHOOL, SchoolId("a"))
    assert not may_sign_for(principal, Role.SCHOOL, SchoolId("b"))
    assert not may_sign_for(None, Role.SCHOOL, SchoolId("a"))
    assert may_sign_for(None, Role.INSPECTOR, SchoolId("a"))


def test_every_refusal_says_who_does_what_in_words() -> None:
    assert set(REFUSALS) == set(Reason)
    for language in ("zh", "en"):
        say = Texts(language).say
        said = [say(f"hub.reason.{reason.value}") for reason in Reason]
        said += [say(f"hub.who.{who.value}") for who in Who] + [say(f"hub.next.{then.value}") for then in Next]
        assert all(said)
    for reason, meaning in REFUSALS.items():
        refusal = refuse(reason)
        assert (refusal.who, refusal.next) == (meaning.who, meaning.next)
        assert 400 <= meaning.status < 600
    assert not REFUSALS[Reason.BUSY].is_final
    assert not REFUSALS[Reason.OFFSET_DIFFERS].is_final
    assert REFUSALS[Reason.ALTERED].is_final
