"""Questions that attendees put to a session, and vote for.

What is asked and voted is kept before it is confirmed. A vote is read from memory (who has voted, whether the question
is still there), written, and only then acknowledged: nobody who was told that their vote counts can lose it, whatever
kills the bot. Waiting for the disk would be slow for hundreds who vote at the same moment, so all votes that come while
one transaction is on its way share the next (`bot.store.together`). A vote is a row of its own, with the question and
the person as its key: whoever presses again because the answer did not come through votes once.

What people see of it all is one message in the session's place (`planner`): an edit says everything that has happened
since the last one, and there is one in some seconds at the most, however many vote.
"""
