"""How answers look. Discord's limits live here and nowhere else."""
