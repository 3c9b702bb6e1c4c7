"""Who must hear what, when; each exactly once, whenever the bot is stopped.

Every message that must go out on time is a row of the outbox with a key of its own. A row is in one of these states,
and the outbox takes these steps only:

    planned → claimed      a dispatcher has taken it, for as long as its lease lasts
    claimed → claimed      the lease ran out, or the send failed for now: somebody takes it again
    claimed → sent         the message is there
    claimed → failed       Discord refuses it for good (the channel is gone, no permission)
    failed → claimed       the permission it was refused for is there, and it still helps: somebody takes it again
    failed → planned    its channel is gone, and another has taken its place
    claimed → missed       it could not be sent while it still helped
    claimed → planned      nothing was sent yet, and more news came for the same target, or the clock was set back, so
                           that it is not due any more
    claimed → cancelled    nothing was sent yet, and its session has moved, lost its time or gone meanwhile
    planned → missed       it was never tried while it still helped
    planned → cancelled    the session is gone, has no time any more, or is no longer to be reminded of
    cancelled → planned    it is to be sent after all
    missed → planned       the clock that it was given up by was ahead: it still helps
    missed → claimed       likewise, of what had been tried: somebody takes it again

Rows for one target that are due together are claimed together, as a batch, and become one message. The batch and its
token are written before the message is sent, and the message carries the token: as its nonce, by which Discord drops a
repeat for some minutes, and in its first button's custom id, by which a dispatcher that takes the batch again finds the
message in the channel's history and does not send it twice.
"""
