"""The board: one message in a channel that says, room by room, what is on now and what comes next."""
