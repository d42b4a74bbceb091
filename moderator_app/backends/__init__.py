"""How we talk to a server."""
