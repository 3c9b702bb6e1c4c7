"""A place to talk for each paper and each session: a post of a forum, or a thread of a text channel.

A place is made the first time somebody asks for it, and once: whoever makes it holds its row in the database under a
lease, and whoever takes the row up after that lease looks for the place in Discord first. Discord knows no nonce for
threads. So a place is known by its first message: the first button there asks about the paper or the session.
"""
