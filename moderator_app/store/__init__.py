"""What we remember, in SQLite."""
