"""The reference server: the native contract over a real database; shares no code with the client."""
