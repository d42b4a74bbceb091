"""What a moderator sees."""
