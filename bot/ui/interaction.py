"""What discord.py calls an interaction, whichever client it came to."""

from typing import Any, TypeAlias

import discord
from discord import app_commands

Interaction: TypeAlias = discord.Interaction[Any]
Choice: TypeAlias = app_commands.Choice[str]
