"""Settings of the demo shop. What differs from shop to shop is read from the environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.utils.translation import gettext_lazy as _
from oscar import INSTALLED_APPS as OSCAR_APPS
from oscar.defaults import *  # noqa: F403

from escott.oscar.navigation import PAYMENTS
from escott.oscar.replaced_apps import REPLACED
from escott.oscar.statuses import JAPANESE, pipeline
from escott.rules.order_status import OrderStatus
from shop.database import database
from shop.kept_secrets import kept_secret

DEMO = Path(__file__).resolve().parent.parent
#: Everything that the running demo writes: database, keys, pictures, mails, logs.
VAR = Path(os.environ.get("SHOP_VAR", DEMO / "var"))

SHOP_PORT = os.environ.get("SHOP_PORT", "8000")
GATEWAY_PORT = os.environ.get("GATEWAY_PORT", "8001")

# ---- Django ----

SECRET_KEY = os.environ.get("SECRET_KEY") or kept_secret(
    VAR / "secret_key", lambda: secrets.token_urlsafe(50)
)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("SHOP_HOSTS", "127.0.0.1,localhost").split(",")
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
SITE_ID = 1
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_REPLACED = {
    **REPLACED,
    "oscar.apps.shipping.apps.ShippingConfig": "shop.shipping.apps.ShippingConfig",
}
INSTALLED_APPS = [
    "shop.apps.ShopConfig",
    "escott.django",
    "escott.oscar",
    *(_REPLACED.get(app, app) for app in OSCAR_APPS),
]
#: The fork of shipping has no tables of its own.
MIGRATION_MODULES = {"shipping": "oscar.apps.shipping.migrations"}

MIDDLEWARE = [
    "escott.django.notice_middleware.NoticeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shop.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shop.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.core.context_processors.metadata",
                "shop.context_processors.shop",
            ]
        },
    }
]
AUTHENTICATION_BACKENDS = [
    "oscar.apps.customer.auth_backends.EmailBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "customer:login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# ---- Data ----

DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), sqlite_path=VAR / "shop.db")}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
#: The demo is served over http on this machine alone; a shop on the internet sets this to 1.
SERVED_BY_TLS = os.environ.get("SHOP_TLS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OSCAR_BASKET_COOKIE_SECURE = SERVED_BY_TLS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 600
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"

# ---- Language and money ----

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [DEMO / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_I18N = USE_TZ = USE_THOUSAND_SEPARATOR = True
PHONENUMBER_DEFAULT_REGION = "JP"

# ---- Mail ----

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mails"
DEFAULT_FROM_EMAIL = OSCAR_FROM_EMAIL = "つむぎ堂 <shop@example.com>"

# ---- Oscar ----

OSCAR_SHOP_NAME = "つむぎ堂"
OSCAR_SHOP_TAGLINE = _("Things for everyday life")
OSCAR_HOMEPAGE = "/"
OSCAR_DEFAULT_CURRENCY = "JPY"
OSCAR_CURRENCY_FORMAT = {"JPY": {"format": "¥#,##0", "currency_digits": True}}
OSCAR_OFFER_ROUNDING_FUNCTION = "escott.oscar.rounding.whole_yen"
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_REQUIRED_ADDRESS_FIELDS = (
    "first_name",
    "last_name",
    "line1",
    "line4",
    "state",
    "postcode",
    "country",
)
OSCAR_SLUG_ALLOW_UNICODE = False
#: Customers who wait for goods are told by a job, not while somebody else orders.
OSCAR_EAGER_ALERTS = False
OSCAR_HIDDEN_FEATURES = ["reviews", "wishlists"]
OSCAR_IMAGE_FOLDER = "products/"
OSCAR_THUMBNAILER = "shop.thumbnails.WholePicture"
OSCAR_INITIAL_ORDER_STATUS = JAPANESE[OrderStatus.AWAITING_PAYMENT]
OSCAR_ORDER_STATUS_PIPELINE = pipeline()
OSCAR_DASHBOARD_NAVIGATION = [*OSCAR_DASHBOARD_NAVIGATION, PAYMENTS]  # noqa: F405
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"

# ---- escott ----

ESCOTT = {
    "TEST_GATEWAY_URL": os.environ.get("GATEWAY_URL", f"http://127.0.0.1:{GATEWAY_PORT}"),
    "ENCRYPTION_KEYS": os.environ.get("ENCRYPTION_KEYS", "").split()
    or [kept_secret(VAR / "encryption_key", lambda: Fernet.generate_key().decode())],
    "SITE_URL": os.environ.get("SHOP_URL", f"http://127.0.0.1:{SHOP_PORT}"),
    "FIND_ORDER": "escott.oscar.payable.find_payable",
    "CLOCK_FILE": os.environ.get("SHOP_CLOCK_FILE", str(VAR / "clock.json")),
    "MAX_GATEWAY_CALLS": 64,
    "CONNECT_TIMEOUT": 5.0,
    "READ_TIMEOUT": float(os.environ.get("GATEWAY_READ_TIMEOUT", "60")),
    "MAIL_COMPOSER": "escott.oscar.mails.compose",
    "SHOP_MAIL": "shop@example.com",
    "ORDER_STATUSES": {status.value: word for status, word in JAPANESE.items()},
}

# ---- Logs: what happened, never what was typed ----

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "kept": {"class": "escott.django.log_keeping.LogKeeper"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"escott": {"handlers": ["kept"], "level": "INFO"}},
}
