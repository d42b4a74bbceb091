"""What a moderator can do, without a screen."""
