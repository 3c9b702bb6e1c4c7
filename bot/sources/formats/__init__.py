"""The readers, a module or a package for each format. `bot.sources.read` lists them."""
