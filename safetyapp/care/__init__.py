"""What a workspace needs beside its work, for settings and starts: choices, key, backups, demonstration, log."""
