"""What a form's expressions come to: the function behind `safetyapp.domain.reckoned.Reckon`.

A condition, calculation or text that cannot be computed counts as nothing: what it would calculate is empty, what it
would demand or rule out is not; a place whose condition fails to be computed stays open, for it is better asked than
lost. `check_expressions` finds all that can be found beforehand.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from safetyapp.domain.form import Form, ItemId
from safetyapp.domain.inspection import Inspection
from safetyapp.domain.reckoned import Reckon, Reckoned
from safetyapp.forms.reckon_plan import Plan
from safetyapp.forms.reckon_run import Run

_MOST_PLANS = 16


class Reckoner:
    """`domain.reckoned.Reckon`: pure and safe to call from any thread. Keeps the forms that were used last ready, by
    their address; a form without one is made ready anew unless it is the very one of the last call."""

    def __init__(self) -> None:
        self._plans: OrderedDict[str, Plan] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(
        self, form: Form, inspection: Inspection, former: Reckoned | None, changed: frozenset[ItemId]
    ) -> Reckoned:
        run = Run(self._plan(form), inspection, former)
        if former is None:
            run.everything()
        else:
            run.only(changed)
        return run.result()

    def _plan(self, form: Form) -> Plan:
        with self._lock:
            plan = self._plans.get(form.sha256)
            if plan is not None and (form.sha256 or plan.form is form):
                self._plans.move_to_end(form.sha256)
                return plan
        made = Plan(form)  # outside the lock: another form may be asked for meanwhile
        with self._lock:
            self._plans[form.sha256] = made
            self._plans.move_to_end(form.sha256)
            while len(self._plans) > _MOST_PLANS:
                self._plans.popitem(last=False)
        return made


def make_reckoner() -> Reckon:
    """A function that reckons, with a memory for forms of its own."""
    return Reckoner()
