"""The demo shop's settings, but for what only costs time here or keeps secrets in its folder."""

import os

os.environ.setdefault("SECRET_KEY", "a key for tests")
os.environ.setdefault("ENCRYPTION_KEYS", "dGVzdCBrZXkgb2YgMzIgYnl0ZXMgLSBub3QgcmVhbCE=")

from shop.settings import *  # noqa: F403
from shop.settings import DATABASES

#: What keeps passwords safe takes half a second for each.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if "init_command" in DATABASES["default"]["OPTIONS"]:  # SQLite; no test cuts the power
    DATABASES["default"]["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"
