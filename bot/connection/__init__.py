"""The line to Discord: what discord.py leaves to be mended, when to try again, and what Discord's refusals mean."""
