"""Which servers are the conference's own; in all others the bot answers questions and does nothing else."""
