"""The first layout."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def _person(primary_key: bool = False) -> sa.Column[str]:
    return sa.Column("person", sa.Text, sa.ForeignKey("people.id"), nullable=False, primary_key=primary_key)


def upgrade() -> None:
    op.create_table("facts", _key("name"), _text("value"))
    op.create_table(
        "people",
        _key("id"),
        _text("name"),
        _text("role"),
        _text("added_at"),
        _text("revoked_at", nullable=True),
        _text("why", nullable=True),
    )
    op.create_table("person_schools", _person(primary_key=True), _key("school"))
    op.create_table(
        "certificates",
        _key("serial"),
        _person(),
        _text("pem"),
        _text("issued_at"),
        _text("revoked_at", nullable=True),
        _text("why", nullable=True),
    )
    op.create_table(
        "devices",
        _key("id"),
        _person(),
        _text("name"),
        _text("token_sha256"),
        _text("enrolled_at"),
        _text("revoked_at", nullable=True),
    )
    op.create_table(
        "offers",
        _key("code_sha256"),
        _person(),
        _text("offered_at"),
        _text("expires_at"),
        _text("used_at", nullable=True),
        _text("key_sha256", nullable=True),
        _text("serial", nullable=True),
        _text("device", nullable=True),
    )
    op.create_table(
        "documents",
        sa.Column("cursor", _Number, primary_key=True, autoincrement=True),
        sa.Column("sha256", sa.Text, nullable=False, unique=True),
        _text("document"),
        _text("kind"),
        sa.Column("size", sa.BigInteger, nullable=False),
        _text("school"),
        _text("made_by"),
        _text("received_at"),
        _text("brought_by"),
        _text("device"),
        _text("receipt"),
        sqlite_autoincrement=True,
    )
    op.create_index("documents_school", "documents", ["school", "cursor"])
    op.create_index("documents_made_by", "documents", ["made_by", "cursor"])
    op.create_table(
        "audit",
        sa.Column("number", _Number, primary_key=True, autoincrement=False),
        *map(_text, ("at", "what", "subject", "person", "device", "detail", "before", "hash")),
    )


def downgrade() -> None:
    for table in (
        "audit", "documents", "offers", "devices", "certificates", "person_schools", "people", "facts"
    ):  # fmt: skip
        op.drop_table(table)
