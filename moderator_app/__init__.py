"""A desktop client for people who read every reader comment before it is published."""

__version__ = "0.1.0"
