"""Alembic's migrations, applied whenever the store is opened."""
