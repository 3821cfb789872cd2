"""校安检: offline-first campus safety inspections."""
