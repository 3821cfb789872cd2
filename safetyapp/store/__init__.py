"""What is kept: one SQLite file, and files beside it named by their hash. The only room with SQL on a laptop."""
