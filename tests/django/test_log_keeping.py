"""ログ: what the module says is kept, without a secret, and never at a payment's expense."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models.query import QuerySet
from django.test.utils import CaptureQueriesContext

from escott.clock import JST, SettableClock
from escott.django import log_keeping
from escott.django.audit import record_change
from escott.django.jobs import JOBS
from escott.django.log_keeping import LogKeeper
from escott.django.log_purge import delete_old_lines
from escott.django.models import AuditEntry, CollectionAccount, LogEntry, MerchantAccount
from escott.django.redaction import redacted
from escott.gateway import Client, Endpoints, Search, Secret, SlipReference, Transaction
from escott.gateway.https import UrllibTransport

log = logging.getLogger("escott.payments")

NEVER = threading.Event()

#: Loggers of cards, of online collection, and of neither.
SOURCES = (
    "escott.payments",
    "escott.members",
    "escott.gateway.client",
    "escott.collection",
    "escott.gateway.collection",
    "escott.worker",
    "escott.mails",
    "escott",
)


@pytest.fixture
def keeper(transactional_db: None) -> Iterator[LogKeeper]:
    """The handler as a site attaches it."""
    logger = logging.getLogger("escott")
    keeper = LogKeeper(linger=0.0)
    logger.addHandler(keeper)
    logger.setLevel(logging.INFO)
    yield keeper
    keeper.flush()
    logger.setLevel(logging.NOTSET)
    logger.removeHandler(keeper)
    keeper.close()


def kept() -> list[str]:
    """The texts of the log, oldest first."""
    log_keeping.flush()
    return list(LogEntry.objects.order_by("pk").values_list("message", flat=True))


def test_a_line_is_kept_with_its_time_level_and_source(keeper: LogKeeper) -> None:
    log.warning("payment %s: refused", "000000000042")
    [text] = kept()
    line = LogEntry.objects.get()
    assert text == "payment 000000000042: refused"
    assert (line.level, line.source) == (logging.WARNING, "escott.payments")
    assert abs(datetime.now(tz=JST) - line.at) < timedelta(minutes=1)


def test_only_what_the_module_says_is_kept(keeper: LogKeeper) -> None:
    logging.getLogger("escott").info("the module itself")
    for name in ("escottish", "django.request"):
        foreign = logging.LogRecord(name, logging.ERROR, "", 1, "somebody else", None, None)
        keeper.handle(foreign)
    assert kept() == ["the module itself"]


def test_an_exception_is_named_without_its_traceback(keeper: LogKeeper) -> None:
    try:
        raise ValueError("MerchantPass=pass1234 was refused")
    except ValueError:
        log.exception("job %r failed", "send mails")
    assert kept() == ["job 'send mails' failed (ValueError: MerchantPass=●●●● was refused)"]


@pytest.mark.parametrize(
    ("said", "stays"),
    [
        ("MerchantPass=pass1234&Amount=3780", "MerchantPass=●●●●&Amount=3780"),
        ("KaiinPass=abc12345 Token=xyz", "KaiinPass=●●●● Token=●●●●"),
        ("{'Token': 'short', 'Amount': '1'}", "{'Token': '●●●●', 'Amount': '1'}"),
        ('{"ProcessPass": "0123"}', '{"ProcessPass": "●●●●"}'),
        ("EncryptValue=ab%2Bcd", "EncryptValue=●●●●"),
        ("card 4000000000001000 typed", "card ●●●● typed"),
        ("card 4000 0000 0000 1000 typed", "card ●●●● typed"),
        ("card 4000-0000-0000-1000 typed", "card ●●●● typed"),
        ("card 3400 000000 01000 typed", "card ●●●● typed"),
        ("id 0123456789abcdef0123456789abcdef end", "id ●●●● end"),
        ("v QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0MTIz= end", "v ●●●● end"),
    ],
)
def test_what_looks_like_a_secret_is_not_kept(said: str, stays: str) -> None:
    assert redacted(said) == stays


@pytest.mark.parametrize(
    "said",
    [
        "payment 000000000042: gather done, OK",
        "order 100123 of 2026-04-01 12:00:00",
        "a basket could not be ordered by anybody whosoever",
        "MAX_GATEWAY_CALLS was reached",
    ],
)
def test_what_is_no_secret_stays(said: str) -> None:
    assert redacted(said) == said


def test_the_switch_silences_the_log_and_nothing_else(keeper: LogKeeper) -> None:
    MerchantAccount.objects.create(keeps_log=False)
    log.error("nobody reads this")
    assert kept() == []
    record_change(None, "Settings changed", "Credit card", {"Title": ("a", "b")})
    assert AuditEntry.objects.count() == 1
    MerchantAccount.objects.update(keeps_log=True)
    log.error("somebody reads this")
    assert kept() == ["somebody reads this"]


@pytest.mark.parametrize(
    ("card", "collection", "silent"),
    [
        (True, True, set()),
        (True, False, {"escott.collection", "escott.gateway.collection"}),
        (False, True, {"escott.payments", "escott.members", "escott.gateway.client"}),
        (False, False, set(SOURCES)),
        (False, None, {*SOURCES} - {"escott.collection", "escott.gateway.collection"}),
        (True, None, set()),
    ],
)
def test_each_method_has_a_switch_of_its_own(
    keeper: LogKeeper, card: bool, collection: bool | None, silent: set[str]
) -> None:
    """What is said of neither method is kept as long as one of them keeps its log."""
    account = MerchantAccount.objects.create(keeps_log=card)
    if collection is not None:
        CollectionAccount.objects.create(account=account, keeps_log=collection)
    for source in SOURCES:
        logging.getLogger(source).info("%s", source)
    assert set(kept()) == {*SOURCES} - silent


def test_a_telegram_is_logged_with_the_method_it_is_of(keeper: LogKeeper, closed_port: int) -> None:
    account = MerchantAccount.objects.create(merchant_id="1", test_password=Secret("x"))
    client = Client(
        Endpoints.at(f"http://127.0.0.1:{closed_port}"),
        account.merchant("test"),
        UrllibTransport(),
        SettableClock(datetime(2026, 4, 1, 12, 0, tzinfo=JST)),
    )
    pair = Transaction(process_id="0" * 32, process_pass=Secret("1" * 32))
    for telegram in (SlipReference, Search):
        client.send(telegram(transaction_code="000000000001", transaction=pair))
    log_keeping.flush()
    assert [
        (line.source, line.message.split(":")[0]) for line in LogEntry.objects.order_by("pk")
    ] == [
        ("escott.gateway.collection", "2Ref 000000000001"),
        ("escott.gateway.client", "1Search 000000000001"),
    ]


def test_a_line_costs_its_thread_no_query_and_survives_a_rollback(keeper: LogKeeper) -> None:
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        log.error("the charge was refused")
        transaction.set_rollback(True)
    assert not [query for query in queries if "log" in query["sql"]]
    assert kept() == ["the charge was refused"]


def test_database_trouble_loses_lines_and_says_nothing(
    keeper: LogKeeper, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise DatabaseError("disk full")

    with monkeypatch.context() as trouble:
        trouble.setattr(QuerySet, "bulk_create", broken)
        log.error("lost")
        keeper.flush()
    log.error("kept again")
    assert kept() == ["kept again"]
    assert capsys.readouterr().err == ""


def test_what_is_said_while_writing_is_not_kept(
    keeper: LogKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = log_keeping._insert

    def talkative(lines: Any, lost: int) -> None:
        log.info("writing")
        insert(lines, lost)

    monkeypatch.setattr(log_keeping, "_insert", talkative)
    log.info("first")
    log.info("second")
    assert kept() == ["first", "second"]


def test_a_full_queue_counts_what_it_loses(
    keeper: LogKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_keeping, "MOST_WAITING", 3)
    keeper.close()
    busy, go_on = threading.Event(), threading.Event()
    insert = log_keeping._insert

    def slow(lines: Any, lost: int) -> None:
        busy.set()
        go_on.wait(10)
        insert(lines, lost)

    monkeypatch.setattr(log_keeping, "_insert", slow)
    log.info("first")
    assert busy.wait(10)
    for number in range(10):
        log.info("line %d", number)
    go_on.set()
    assert kept() == ["first", "line 0", "line 1", "line 2", "7 log lines were lost"]


def test_lines_of_a_forked_process_and_of_the_last_moment_are_kept() -> None:
    root = Path(__file__).parents[2]
    environment = os.environ | {
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "tests.django.site.settings",
        "PYTHONPATH": os.pathsep.join([str(root), str(root / "demo")]),
    }
    done = subprocess.run(
        [sys.executable, "-c", _FORKING],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["child", "parent"]


_FORKING = """
import logging, os, sys, django
django.setup()
from django.core.management import call_command
from django.db import connections
from escott.django import log_keeping
call_command("migrate", verbosity=0)
connections.close_all()
log = logging.getLogger("escott.worker")
log.addHandler(log_keeping.LogKeeper())
log.propagate = False
logging.getLogger("escott").addHandler(log.handlers[0])
log.warning("parent")
log_keeping.flush()
child = os.fork()
if not child:
    log.warning("child")
    logging.shutdown()
    os._exit(0)
os.waitpid(child, 0)
from escott.django.models import LogEntry
print(*sorted(LogEntry.objects.values_list("message", flat=True)))
"""


def test_lines_are_deleted_after_30_days(transactional_db: None) -> None:
    clock = SettableClock(datetime(2026, 4, 1, 12, 0, tzinfo=JST))
    for days in (0, 29, 30, 31, 90):
        LogEntry.objects.create(
            at=clock.now() - timedelta(days=days), level=20, source="escott", message=str(days)
        )
    assert JOBS["delete old log lines"] is delete_old_lines
    assert delete_old_lines(clock, NEVER) == 2
    assert delete_old_lines(clock, NEVER) == 0
    assert kept() == ["0", "29", "30"]
