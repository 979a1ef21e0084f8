"""A plain Django site without Oscar: what the smallest host of escott.django looks like."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from shop.database import postgresql

SECRET_KEY = "a key for tests"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"
LANGUAGE_CODE = "ja"
ROOT_URLCONF = "tests.django.site.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "escott.django",
]
MIDDLEWARE = [
    "escott.django.notice_middleware.NoticeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
_FOLDER = Path(tempfile.mkdtemp(prefix="escott-site-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)

_URL = os.environ.get("DATABASE_URL", "")
_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    # A file, not memory: threads of a test are to meet the locks that processes meet.
    "NAME": _FOLDER / "site.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # No test cuts the power.
        "init_command": "PRAGMA synchronous=OFF",
    },
}

#: What keeps passwords safe only costs time here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES = {"default": postgresql(_URL) if _URL else _SQLITE}
ESCOTT = {
    "ENCRYPTION_KEYS": ["dGVzdCBrZXkgb2YgMzIgYnl0ZXMgLSBub3QgcmVhbCE="],
    "TEST_GATEWAY_URL": "http://127.0.0.1:8001",
    "SITE_URL": "http://testserver",
}
