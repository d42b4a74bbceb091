"""What is against the rules, and where in a text."""
