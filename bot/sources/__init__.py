"""From bytes to a programme."""
