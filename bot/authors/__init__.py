"""Authors of papers: who has shown to be one, what they say there, and what they hear."""
