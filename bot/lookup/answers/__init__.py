"""How the answers look: pure functions from the programme to an answer."""
