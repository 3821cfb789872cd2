"""How the database came to be as it is: one named function per change, table and column names written out.

A released step is never edited; the next change is the next function. Imported only when something is pending.
"""

from __future__ import annotations

from sqlite_utils import Migrations
from sqlite_utils.db import Database

MIGRATIONS = Migrations("safetyapp")


def tables_of_ours() -> frozenset[str]:
    """The tables that a database has after every step."""
    database = Database(memory=True, execute_plugins=False)
    try:
        MIGRATIONS.apply(database)
        return frozenset(database.table_names())
    finally:
        database.close()


@MIGRATIONS()
def step_1_first_release(db: Database) -> None:
    """Schools, drafts with their history, photos, documents, outbox, ledger, search."""
    for statement in (
        """CREATE TABLE me (
            only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE schools (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL,
            code TEXT NOT NULL, campus_of TEXT, street TEXT NOT NULL, address TEXT NOT NULL, head TEXT NOT NULL,
            phone TEXT NOT NULL, students INTEGER, has TEXT NOT NULL, lacks TEXT NOT NULL, sites TEXT NOT NULL,
            classes TEXT NOT NULL
        ) STRICT""",
        "CREATE TABLE forms (sha256 TEXT PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL) STRICT",
        """CREATE TABLE drafts (
            id TEXT PRIMARY KEY, form_id TEXT NOT NULL, form_version TEXT NOT NULL,
            form_sha256 TEXT NOT NULL REFERENCES forms (sha256), school_id TEXT NOT NULL, school_name TEXT NOT NULL,
            school TEXT NOT NULL, started_at TEXT NOT NULL, inspected_on TEXT NOT NULL, inspector_id TEXT NOT NULL,
            inspector_name TEXT NOT NULL, inspector_role TEXT NOT NULL, type TEXT NOT NULL, companions TEXT NOT NULL,
            escort TEXT NOT NULL, site TEXT NOT NULL, opinion TEXT NOT NULL, school_opinion TEXT NOT NULL,
            supersedes TEXT, marks TEXT NOT NULL, changed_at TEXT NOT NULL, changed_us INTEGER NOT NULL,
            deleted_at TEXT, closed_by TEXT REFERENCES documents (sha256)
        ) STRICT""",
        # by id, not by time: an answer then leaves the index alone, and the few that are open are soon sorted
        "CREATE INDEX drafts_open ON drafts (id) WHERE deleted_at IS NULL AND closed_by IS NULL",
        """CREATE TABLE answers (
            draft TEXT NOT NULL REFERENCES drafts (id), item TEXT NOT NULL, value TEXT NOT NULL,
            answered_at TEXT NOT NULL, limit_case TEXT NOT NULL, readings TEXT NOT NULL, note TEXT NOT NULL,
            PRIMARY KEY (draft, item)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE findings (
            draft TEXT NOT NULL REFERENCES drafts (id), item TEXT NOT NULL, ordinal INTEGER NOT NULL,
            text TEXT NOT NULL, severity TEXT NOT NULL, action TEXT NOT NULL, deadline TEXT NOT NULL,
            place TEXT NOT NULL, basis TEXT NOT NULL, criterion TEXT NOT NULL, severity_reason TEXT NOT NULL,
            fixed_on_spot INTEGER NOT NULL CHECK (fixed_on_spot IN (0, 1)), repeats TEXT NOT NULL,
            PRIMARY KEY (draft, item, ordinal)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE photos (
            original TEXT PRIMARY KEY, printed TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
            size INTEGER NOT NULL, media_type TEXT NOT NULL, taken_at TEXT, taken_by_clock TEXT
        ) STRICT""",
        """CREATE TABLE photo_links (
            draft TEXT NOT NULL REFERENCES drafts (id), item TEXT NOT NULL, position INTEGER NOT NULL,
            photo TEXT NOT NULL REFERENCES photos (original), is_after INTEGER NOT NULL CHECK (is_after IN (0, 1)),
            caption TEXT NOT NULL,
            PRIMARY KEY (draft, item, position)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE history (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, draft TEXT NOT NULL REFERENCES drafts (id), item TEXT NOT NULL,
            what TEXT NOT NULL CHECK (what IN ('answer', 'finding', 'photos', 'head', 'form')), former TEXT NOT NULL,
            replaced_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX history_of_draft ON history (draft, item, seq)",
        """CREATE TRIGGER history_is_never_changed BEFORE UPDATE ON history
            BEGIN SELECT RAISE(ABORT, 'history only grows'); END""",
        """CREATE TRIGGER history_is_never_deleted BEFORE DELETE ON history
            BEGIN SELECT RAISE(ABORT, 'history only grows'); END""",
        """CREATE TABLE documents (
            seq INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, id TEXT NOT NULL, kind TEXT NOT NULL,
            number TEXT NOT NULL, school_id TEXT NOT NULL, school TEXT NOT NULL, title TEXT NOT NULL,
            made_at TEXT NOT NULL, made_us INTEGER NOT NULL, inspected_on TEXT NOT NULL, author TEXT NOT NULL,
            state TEXT NOT NULL, size INTEGER NOT NULL, findings INTEGER NOT NULL, majors INTEGER NOT NULL,
            supersedes TEXT, author_id TEXT NOT NULL, form TEXT NOT NULL, author_role TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX documents_by_time ON documents (made_us, sha256)",
        "CREATE INDEX documents_of_school ON documents (school_id, made_us, sha256)",
        "CREATE INDEX documents_of_kind ON documents (kind, made_us, sha256)",
        "CREATE INDEX documents_by_id ON documents (id, author_id, made_us, sha256)",
        "CREATE INDEX documents_that_supersede ON documents (supersedes) WHERE supersedes IS NOT NULL",
        """CREATE TABLE outbox (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL UNIQUE REFERENCES documents (sha256)
        ) STRICT""",
        """CREATE TABLE ledger (
            sha256 TEXT NOT NULL REFERENCES documents (sha256), position INTEGER NOT NULL, id TEXT NOT NULL,
            document TEXT NOT NULL, school_id TEXT NOT NULL, school TEXT NOT NULL, form TEXT NOT NULL,
            item TEXT NOT NULL, place TEXT NOT NULL, text TEXT NOT NULL, severity TEXT NOT NULL, state TEXT NOT NULL,
            found_on TEXT NOT NULL, deadline TEXT NOT NULL, closed_on TEXT, notice TEXT, repeats TEXT NOT NULL,
            PRIMARY KEY (sha256, position)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX ledger_of_school ON ledger (school_id)",
        # text in pairs of characters (see store.search); contentless: the words themselves stand in the tables
        """CREATE VIRTUAL TABLE document_search USING fts5 (
            pairs, content = '', detail = full, tokenize = 'ascii'
        )""",
    ):
        db.execute(statement)


@MIGRATIONS()
def step_2_print_log(db: Database) -> None:
    """Who printed which document, when and how often."""
    for statement in (
        """CREATE TABLE print_log (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, sha256 TEXT NOT NULL, number TEXT NOT NULL,
            title TEXT NOT NULL, school TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL,
            copies INTEGER NOT NULL, pages INTEGER NOT NULL, printer TEXT NOT NULL,
            is_reprint INTEGER NOT NULL CHECK (is_reprint IN (0, 1))
        ) STRICT""",
        "CREATE INDEX print_log_of_document ON print_log (sha256, seq)",
        """CREATE TRIGGER print_log_is_never_changed BEFORE UPDATE ON print_log
            BEGIN SELECT RAISE(ABORT, 'print_log only grows'); END""",
        """CREATE TRIGGER print_log_is_never_deleted BEFORE DELETE ON print_log
            BEGIN SELECT RAISE(ABORT, 'print_log only grows'); END""",
    ):
        db.execute(statement)


@MIGRATIONS()
def step_4_photo_marks(db: Database) -> None:
    """What was drawn on a photo and hidden in it at its place, and the copies with that burnt in."""
    for statement in (
        "ALTER TABLE photo_links ADD COLUMN marks TEXT NOT NULL DEFAULT ''",
        """CREATE TABLE marked_copies (
            original TEXT NOT NULL REFERENCES photos (original), marks TEXT NOT NULL, printed TEXT NOT NULL,
            width INTEGER NOT NULL, height INTEGER NOT NULL,
            PRIMARY KEY (original, marks)
        ) STRICT, WITHOUT ROWID""",
    ):
        db.execute(statement)
