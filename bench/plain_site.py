"""Settings of a plain Django site with the demo's own database settings, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from shop.database import database

SECRET_KEY = "a key for measuring"
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"
LANGUAGE_CODE = "ja"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "escott.django"]
DATABASES = {
    "default": database(
        os.environ.get("DATABASE_URL", ""),
        sqlite_path=Path(os.environ["BENCH_FOLDER"]) / "site.db",
    )
}
ESCOTT = {"ENCRYPTION_KEYS": ["a2V5IGZvciBtZWFzdXJpbmcsIG9mIDMyIGJ5dGVzISE="]}
#: The log is written as it is in a shop; only its way to the terminal is left out.
LOGGING = {
    "version": 1,
    "handlers": {"nowhere": {"class": "logging.NullHandler"}},
    "loggers": {"escott": {"level": "INFO", "handlers": ["nowhere"], "propagate": False}},
}
