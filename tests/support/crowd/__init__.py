"""A conference's crowd that uses the bot all at once: what people do, the Discord they do it in, and what came of it.

Discord's stand-in is a process of its own, so that the bot alone has its processor and its event loop.
"""
