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
def step_3_relations(db: Database) -> None:
    """What documents say of each other, how each stands because of that, and where copies were put."""
    counts = """NOT EXISTS (
        SELECT 1 FROM documents v WHERE v.id = documents.id AND v.author_id = documents.author_id
        AND (v.made_us, v.sha256) > (documents.made_us, documents.sha256)
    ) AND NOT EXISTS (
        SELECT 1 FROM documents s WHERE s.supersedes = documents.id AND s.author_id = documents.author_id
        AND NOT EXISTS (
            SELECT 1 FROM documents w WHERE w.id = s.id AND w.author_id = s.author_id
            AND (w.made_us, w.sha256) > (s.made_us, s.sha256)
        )
    )"""
    for statement in (
        "ALTER TABLE documents ADD COLUMN counts INTEGER NOT NULL DEFAULT 1 CHECK (counts IN (0, 1))",
        "ALTER TABLE documents ADD COLUMN standing TEXT NOT NULL DEFAULT ''",
        f"UPDATE documents SET counts = {counts}",
        # nobody has been told a decision so far: papers that hold one wait in unread_links
        "UPDATE documents SET standing = CASE WHEN counts OR state = 'waiting' THEN state ELSE 'replaced' END",
        """CREATE TABLE document_links (
            sha256 TEXT NOT NULL REFERENCES documents (sha256), role TEXT NOT NULL, target TEXT NOT NULL,
            target_sha256 TEXT NOT NULL, said TEXT NOT NULL,
            PRIMARY KEY (sha256, role, target, target_sha256)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX document_links_to ON document_links (target, role)",
        # a report names no paper: whether it corrects another stands in its row
        "CREATE TABLE unread_links (sha256 TEXT PRIMARY KEY REFERENCES documents (sha256)) STRICT, WITHOUT ROWID",
        "INSERT INTO unread_links SELECT sha256 FROM documents WHERE kind <> 'inspection-report'",
        "CREATE INDEX documents_last ON documents (school_id, title, inspected_on, made_us, sha256)",
        """CREATE INDEX documents_done ON documents (school_id, form, author_role, inspected_on, kind, counts)
            WHERE kind = 'inspection-report' AND counts""",
        "CREATE INDEX documents_replaced ON documents (seq) WHERE NOT counts",
        "CREATE INDEX documents_standing ON documents (standing, made_us, sha256)",
        "CREATE INDEX documents_of_author ON documents (author, made_us, sha256)",
        "CREATE INDEX ledger_open ON ledger (deadline, state, school_id) WHERE state <> 'closed'",
        """CREATE TABLE open_tally (
            school_id TEXT NOT NULL, month TEXT NOT NULL, n INTEGER NOT NULL, majors INTEGER NOT NULL,
            PRIMARY KEY (school_id, month)
        ) STRICT, WITHOUT ROWID""",
        """INSERT INTO open_tally SELECT l.school_id, substr(l.deadline, 1, 7), count(*), sum(l.severity = 'major')
            FROM ledger l JOIN documents d ON d.sha256 = l.sha256 WHERE l.state <> 'closed' AND d.counts
            GROUP BY 1, 2""",
        """CREATE TRIGGER finding_comes AFTER INSERT ON ledger
            WHEN NEW.state <> 'closed' AND (SELECT counts FROM documents WHERE sha256 = NEW.sha256) BEGIN
            INSERT INTO open_tally VALUES (NEW.school_id, substr(NEW.deadline, 1, 7), 1, NEW.severity = 'major')
            ON CONFLICT DO UPDATE SET n = n + 1, majors = majors + excluded.majors;
        END""",
        """CREATE TRIGGER finding_goes AFTER DELETE ON ledger
            WHEN OLD.state <> 'closed' AND (SELECT counts FROM documents WHERE sha256 = OLD.sha256) BEGIN
            UPDATE open_tally SET n = n - 1, majors = majors - (OLD.severity = 'major')
            WHERE school_id = OLD.school_id AND month = substr(OLD.deadline, 1, 7);
        END""",
        """CREATE TRIGGER finding_changes AFTER UPDATE ON ledger
            WHEN (SELECT counts FROM documents WHERE sha256 = NEW.sha256) BEGIN
            UPDATE open_tally SET n = n - 1, majors = majors - (OLD.severity = 'major')
            WHERE school_id = OLD.school_id AND month = substr(OLD.deadline, 1, 7) AND OLD.state <> 'closed';
            INSERT INTO open_tally SELECT NEW.school_id, substr(NEW.deadline, 1, 7), 1, NEW.severity = 'major'
            WHERE NEW.state <> 'closed'
            ON CONFLICT DO UPDATE SET n = n + 1, majors = majors + excluded.majors;
        END""",
        """CREATE TRIGGER findings_count AFTER UPDATE OF counts ON documents WHEN OLD.counts <> NEW.counts BEGIN
            INSERT INTO open_tally SELECT school_id, substr(deadline, 1, 7), (NEW.counts - OLD.counts) * count(*),
            (NEW.counts - OLD.counts) * sum(severity = 'major') FROM ledger
            WHERE sha256 = NEW.sha256 AND state <> 'closed' GROUP BY 1, 2
            ON CONFLICT DO UPDATE SET n = n + excluded.n, majors = majors + excluded.majors;
        END""",
        """CREATE TABLE document_tally (
            kind TEXT NOT NULL, standing TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (kind, standing)
        ) STRICT, WITHOUT ROWID""",
        "INSERT INTO document_tally SELECT kind, standing, count(*) FROM documents GROUP BY kind, standing",
        """CREATE TRIGGER document_comes AFTER INSERT ON documents BEGIN
            INSERT INTO document_tally VALUES (NEW.kind, NEW.standing, 1)
            ON CONFLICT DO UPDATE SET n = n + 1;
        END""",
        """CREATE TRIGGER document_stands AFTER UPDATE OF standing ON documents WHEN OLD.standing <> NEW.standing BEGIN
            UPDATE document_tally SET n = n - 1 WHERE kind = OLD.kind AND standing = OLD.standing;
            INSERT INTO document_tally VALUES (NEW.kind, NEW.standing, 1)
            ON CONFLICT DO UPDATE SET n = n + 1;
        END""",
        """CREATE TRIGGER document_goes AFTER DELETE ON documents BEGIN
            UPDATE document_tally SET n = n - 1 WHERE kind = OLD.kind AND standing = OLD.standing;
        END""",
        """CREATE TABLE put_out (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL REFERENCES documents (sha256),
            place TEXT NOT NULL, path TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX put_out_of_document ON put_out (sha256, seq)",
        """CREATE TRIGGER put_out_is_never_changed BEFORE UPDATE ON put_out
            BEGIN SELECT RAISE(ABORT, 'put_out only grows'); END""",
        """CREATE TRIGGER put_out_is_never_deleted BEFORE DELETE ON put_out
            BEGIN SELECT RAISE(ABORT, 'put_out only grows'); END""",
    ):
        db.execute(statement)


@MIGRATIONS()
def step_4_photo_tray(db: Database) -> None:
    """Photos of a draft that are at no item yet."""
    for statement in (
        """CREATE TABLE photo_tray (
            draft TEXT NOT NULL REFERENCES drafts (id), photo TEXT NOT NULL REFERENCES photos (original),
            name TEXT NOT NULL, came_at TEXT NOT NULL, is_out INTEGER NOT NULL CHECK (is_out IN (0, 1)),
            PRIMARY KEY (draft, photo)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX photo_tray_of_photo ON photo_tray (photo)",
        # "did this picture come in before?" is asked for each file of a card
        "CREATE INDEX photo_links_of_photo ON photo_links (photo)",
    ):
        db.execute(statement)


@MIGRATIONS()
def step_5_hand_overs(db: Database) -> None:
    """Drafts that go from one inspector to another, and documents that came of them; wrong passphrases."""
    for statement in (
        "ALTER TABLE drafts ADD COLUMN hand_overs TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE drafts ADD COLUMN given_to TEXT",
        "ALTER TABLE drafts ADD COLUMN given_at TEXT",
        "ALTER TABLE documents ADD COLUMN hand_overs INTEGER NOT NULL DEFAULT 0",
        # of two people's reports under one id whoever signed first counts
        """UPDATE documents SET counts = 0 WHERE counts AND author_id <> (
            SELECT h.author_id FROM documents h WHERE h.id = documents.id ORDER BY h.made_us, h.author_id LIMIT 1
        )""",
        "UPDATE documents SET standing = 'replaced' WHERE NOT counts AND state <> 'waiting' AND standing = state",
        "CREATE TABLE tries (only INTEGER PRIMARY KEY CHECK (only = 1), wrong INTEGER NOT NULL, until TEXT) STRICT",
    ):
        db.execute(statement)


@MIGRATIONS()
def step_6_findings_found(db: Database) -> None:
    """Findings are found by their words, and the wordings of an item by the item."""
    from safetyapp.store import finding_search

    for statement in (
        # text in pairs of characters (see store.search); contentless: the words themselves stand in the ledger
        """CREATE VIRTUAL TABLE ledger_search USING fts5 (
            pairs, content = '', detail = full, tokenize = 'ascii'
        )""",
        "CREATE INDEX ledger_of_item ON ledger (form, item, found_on, text)",
        "CREATE INDEX ledger_of_form ON ledger (form, found_on, text)",
        "CREATE INDEX findings_of_item ON findings (item)",
    ):
        db.execute(statement)
    finding_search.rebuild(db.conn)


@MIGRATIONS()
def step_7_duties(db: Database) -> None:
    """What was put off, and what reviews and responses say of earlier papers; `papers_read` are those that were
    asked."""
    for statement in (
        """CREATE TABLE postponed (
            school_id TEXT NOT NULL, form TEXT NOT NULL, due_on TEXT NOT NULL, until TEXT NOT NULL,
            reason TEXT NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY (school_id, form, due_on)
        ) STRICT, WITHOUT ROWID""",
        "CREATE TABLE papers_read (sha256 TEXT PRIMARY KEY REFERENCES documents (sha256)) STRICT, WITHOUT ROWID",
        """CREATE TABLE review_said (
            sha256 TEXT PRIMARY KEY REFERENCES documents (sha256), report TEXT NOT NULL, report_sha256 TEXT NOT NULL,
            decision TEXT NOT NULL, issuer TEXT NOT NULL, reason TEXT NOT NULL, remarks TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX review_said_of_report ON review_said (report)",
        """CREATE TABLE response_said (
            sha256 TEXT NOT NULL REFERENCES documents (sha256), finding TEXT NOT NULL,
            is_done INTEGER NOT NULL CHECK (is_done IN (0, 1)), photos INTEGER NOT NULL,
            PRIMARY KEY (sha256, finding)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX response_said_of_finding ON response_said (finding)",
    ):
        db.execute(statement)


@MIGRATIONS()
def step_8_photo_marks(db: Database) -> None:
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


@MIGRATIONS()
def step_9_receipts(db: Database) -> None:
    """Where documents are on their way to the hub, the receipts that came back, and what was fetched."""
    for statement in (
        """CREATE TABLE deliveries (
            sha256 TEXT PRIMARY KEY REFERENCES documents (sha256),
            state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'unconfirmed', 'delivered', 'refused')),
            sent INTEGER NOT NULL, attempts INTEGER NOT NULL, tried_at TEXT, next_at TEXT, reason TEXT NOT NULL,
            who TEXT NOT NULL, next TEXT NOT NULL, detail TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE receipts (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL REFERENCES documents (sha256),
            hub TEXT NOT NULL, received_at TEXT NOT NULL, cursor INTEGER NOT NULL, statement TEXT NOT NULL,
            signature TEXT NOT NULL, certificate TEXT NOT NULL, kept_at TEXT NOT NULL
        ) STRICT""",
        "CREATE UNIQUE INDEX receipts_of_document ON receipts (sha256, statement)",
        """CREATE TRIGGER receipts_are_never_changed BEFORE UPDATE ON receipts
            BEGIN SELECT RAISE(ABORT, 'receipts only grow'); END""",
        """CREATE TRIGGER receipts_are_never_deleted BEFORE DELETE ON receipts
            BEGIN SELECT RAISE(ABORT, 'receipts only grow'); END""",
        """CREATE TRIGGER delivered_is_proved BEFORE INSERT ON deliveries WHEN NEW.state = 'delivered'
            AND NOT EXISTS (SELECT 1 FROM receipts WHERE sha256 = NEW.sha256)
            BEGIN SELECT RAISE(ABORT, 'delivered without a receipt'); END""",
        """CREATE TRIGGER delivered_stays_proved BEFORE UPDATE ON deliveries WHEN NEW.state = 'delivered'
            AND NOT EXISTS (SELECT 1 FROM receipts WHERE sha256 = NEW.sha256)
            BEGIN SELECT RAISE(ABORT, 'delivered without a receipt'); END""",
        """CREATE TABLE hub_lines (
            hub TEXT PRIMARY KEY, scope TEXT NOT NULL, cursor INTEGER NOT NULL, tried_at TEXT, done_at TEXT,
            failures INTEGER NOT NULL, not_before TEXT, why TEXT NOT NULL, checked_at TEXT
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE not_taken (
            sha256 TEXT PRIMARY KEY, document TEXT NOT NULL, why TEXT NOT NULL, at TEXT NOT NULL,
            tries INTEGER NOT NULL, next_at TEXT
        ) STRICT, WITHOUT ROWID""",
    ):
        db.execute(statement)
