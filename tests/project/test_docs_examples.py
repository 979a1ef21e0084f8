"""What the documentation tells to copy runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.fernet import Fernet

from escott.simulator.magic_cards import APPROVED
from escott.simulator.server import SimulatorServer

ROOT: Final = Path(__file__).parents[2]
README: Final = ROOT / "README.md"
TESTING: Final = ROOT / "docs" / "how-to" / "test-your-integration.md"
_BLOCK: Final = re.compile(
    r"^( *)```python\n\1# ([\w./ ]+).*?\n(.*?)^\1```$", re.MULTILINE | re.DOTALL
)

#: A card whose 本人認証 asks the shopper for nothing.
FRICTIONLESS: Final = APPROVED[1]

#: What the reader's site has already: an app with orders, and a thank-you page.
MODELS: Final = """
from django.conf import settings
from django.db import models

class Order(models.Model):
    number = models.CharField(max_length=20)
    total = models.IntegerField()
    status = models.CharField(max_length=10, default="unpaid")
    customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
"""
APPS: Final = """
from django.apps import AppConfig

class ShopConfig(AppConfig):
    name = "shop"

    def ready(self):
        from shop import receivers
"""
SETTINGS: Final = """
INSTALLED_APPS += ["shop.apps.ShopConfig"]
ESCOTT["TEST_GATEWAY_URL"] = os.environ["GATEWAY_URL"]
DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE"}
ALLOWED_HOSTS = ["testserver"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
"""
URLS: Final = """
from django.http import HttpResponse
urlpatterns += [path("thanks/<str:number>/", lambda request, number: HttpResponse(), name="thanks")]
"""
#: A customer who pays an order, and somebody else who tries to.
VISIT: Final = r"""
import json, os, re, sys
from html import unescape
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen
import django
django.setup()
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.test import Client
from shop.models import Order

INPUT = r'name="(\w+)" value="([^"]*)"'
call_command("makemigrations", "shop", verbosity=0)
call_command("migrate", verbosity=0)
call_command("check", databases=["default"], fail_level="WARNING")
exec(Path("account.py").read_text())
hanako = User.objects.create_user("hanako", "hanako@example.com")
Order.objects.create(number="A-1", total=3780, customer=hanako)
shopper, stranger = Client(), Client()
shopper.force_login(hanako)
stranger.force_login(User.objects.create_user("jiro"))
form = shopper.get("/pay/A-1/")
posted = {
    "token": os.environ["TOKEN"], "amount": 3780, "consent": "on", "holder_name": "HANAKO YAMADA",
}
leaves = shopper.post("/pay/A-1/", posted)
start = shopper.get(leaves.headers["Location"]).content.decode()
fields = [(name, unescape(value)) for name, value in re.findall(INPUT, start)]
there = re.search('action="([^"]+)"', start)[1]
with urlopen(there, urlencode(fields).encode()) as issuer:
    returned = dict(re.findall(INPUT, issuer.read().decode()))["EncryptValue"]
back = Client().post("/escott/back/", {"EncryptValue": unescape(returned)})
paid = shopper.get(back.headers["Location"])
call_command("escott_worker", once=True, stdout=sys.stderr)
print(json.dumps({
    "form": form.status_code, "card form": "escott-card" in form.content.decode(),
    "guest": Client().get("/pay/A-1/").status_code,
    "stranger": stranger.post("/pay/A-1/", posted).status_code,
    "back": [back.status_code, back.headers["Location"]],
    "paid": [paid.status_code, paid.headers["Location"]],
    "order": Order.objects.get().status,
    "mails": [message.to for message in mail.outbox],
}))
"""


#: An Oscar shop as one has it before escott: settings and addresses.
OSCAR_SHOP: Final = """
from oscar import INSTALLED_APPS
from oscar.defaults import *

SECRET_KEY = "for this test alone"
ROOT_URLCONF = "oscar_urls"
SITE_ID = 1
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
]
TEMPLATES = [
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
"""
OSCAR_URLS: Final = """
from django.apps import apps
from django.urls import include, path

urlpatterns = [
    path("escott/", include("escott.django.urls")),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
"""


def blocks() -> list[tuple[str, str]]:
    """The README's Python blocks: the file each is for, and its content."""
    found = _BLOCK.findall(README.read_text(encoding="utf-8"))
    return [(name.strip(), textwrap.dedent(content)) for _indent, name, content in found]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A new Django project with an app for orders, and the README's blocks put into it."""
    subprocess.run(
        [sys.executable, "-m", "django", "startproject", "mysite", str(tmp_path)], check=True
    )
    block = dict(reversed(blocks()))  # the first settings.py is for a plain site
    added = {
        "mysite/settings.py": block["settings.py"] + SETTINGS,
        "mysite/urls.py": block["urls.py"] + URLS,
        "shop/__init__.py": "",
        "shop/migrations/__init__.py": "",
        "shop/apps.py": APPS,
        "shop/models.py": MODELS,
        "shop/views.py": block["shop/views.py"],
        "shop/receivers.py": block["shop/receivers.py"],
        "account.py": block["manage.py shell"],
        "visit.py": VISIT,
    }
    for name, content in added.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as opened:
            opened.write(content)
    return tmp_path


def test_the_blocks_for_a_django_site_make_a_site_that_takes_cards(project: Path) -> None:
    with SimulatorServer() as simulator:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "mysite.settings",
            "ESCOTT_KEYS": Fernet.generate_key().decode(),
            "GATEWAY_URL": simulator.base_url,
            "TOKEN": simulator.gateway.token_for(FRICTIONLESS),
            "PYTHONPATH": str(project),
        }
        visit = subprocess.run(
            [sys.executable, "visit.py"],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert visit.returncode == 0, visit.stderr
        seen: dict[str, Any] = json.loads(visit.stdout.splitlines()[-1])
        assert seen == {
            "form": 200,
            "card form": True,
            "guest": 302,
            "stranger": 404,
            "back": [303, "/pay/A-1/"],
            "paid": [303, "/thanks/A-1/"],
            "order": "paid",
            "mails": [["hanako@example.com"]],
        }
        assert [charge.amount for charge in simulator.gateway.charges()] == [3780]


def test_the_block_for_oscar_makes_a_shop_without_complaints(tmp_path: Path) -> None:
    [block] = [
        content for name, content in blocks() if name == "settings.py" and "oscar" in content
    ]
    (tmp_path / "oscar_shop.py").write_text(OSCAR_SHOP + block, encoding="utf-8")
    (tmp_path / "oscar_urls.py").write_text(OSCAR_URLS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--fail-level", "WARNING"],
        cwd=tmp_path,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "oscar_shop",
            "ESCOTT_KEYS": Fernet.generate_key().decode(),
            "PYTHONPATH": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_tests_that_the_documentation_shows_pass(tmp_path: Path) -> None:
    shown = TESTING.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    (tmp_path / "test_shown.py").write_text(shown, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.django.site.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "demo")]),
        "DATABASE_URL": "",
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_shown.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr
