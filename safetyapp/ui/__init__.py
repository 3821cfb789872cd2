"""The window: screens that show facts and call workflow functions. No SQL, no PDF, no key is touched here."""
