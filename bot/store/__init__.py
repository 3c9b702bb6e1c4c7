"""SQLite, through SQLAlchemy: the tables, the migrations, the transactions."""
