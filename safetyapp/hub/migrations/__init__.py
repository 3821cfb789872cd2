"""The steps from one layout of the hub's tables to the next, run by Alembic. A step writes its tables out: it must not
change when tables.py does, and is never edited once it was released."""
