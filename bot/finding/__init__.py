"""Finding things in the programme beside everything else: in a process of its own, where the configuration says so."""
