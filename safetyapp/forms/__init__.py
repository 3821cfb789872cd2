"""Files of definitions in, domain values out: forms, and the lists of schools that offices keep."""
