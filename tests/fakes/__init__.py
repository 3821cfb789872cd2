"""Stand-ins for the tools of safetyapp.workflow.ports and safetyapp.sync.port; each keeps the suite that the real one
keeps."""

from tests.fakes.clock import FakeClock
from tests.fakes.hub import FakeHub
from tests.fakes.signer import FakeSigner
from tests.fakes.store import FakeStore

__all__ = ["FakeClock", "FakeHub", "FakeSigner", "FakeStore"]
