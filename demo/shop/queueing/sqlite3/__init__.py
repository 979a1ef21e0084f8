"""SQLite, one writer after the other. ``ENGINE = "shop.queueing.sqlite3"``."""
