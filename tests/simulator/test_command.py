"""The ``escott`` command."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime

import pytest

from escott import __version__
from escott.cli import main
from escott.clock import JST, SharedClock

COMMAND = [sys.executable, "-c", "from escott.cli import main; raise SystemExit(main())"]
BARE = (
    "import sys; sys.modules['starlette'] = None; sys.modules['jinja2'] = None;"
    "from escott.cli import main; raise SystemExit(main())"
)


@contextmanager
def running(*arguments):
    process = subprocess.Popen(
        [*COMMAND, "simulator", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


def test_it_tells_its_version(capsys):
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"escott {__version__}\n"


def test_without_a_command_it_tells_how_to_use_it(capsys):
    assert main([]) == 2
    assert "simulator" in capsys.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_stops_when_told(number):
    with running() as (process, line):
        assert line.startswith("e-SCOTT Smart simulator: http://127.0.0.1:")
        process.send_signal(number)
        _, errors = process.communicate(timeout=10)
        assert (process.returncode, errors) == (0, "")


def test_it_shares_its_clock_through_a_file(tmp_path):
    path = tmp_path / "clock.json"
    SharedClock(path).set(datetime(2031, 5, 6, 7, 8, tzinfo=JST))
    with running("--clock", str(path)) as (_, line):
        host = line.split("http://")[1].strip().rstrip("/")
        connection = http.client.HTTPConnection(host, timeout=10)
        connection.request("GET", "/simulator/clock")
        told = json.loads(connection.getresponse().read())["now"]
        connection.request("PUT", "/simulator/clock", '{"advance_seconds": 86400}')
        connection.getresponse().read()
        connection.close()
    assert told.startswith("2031-05-06T07:08")
    assert SharedClock(path).now().date().isoformat() == "2031-05-07"


def test_it_sends_notices_to_the_address_that_it_is_given():
    url = "http://127.0.0.1:9/?wc-api=wc_sonypayment"
    with running("--notice-url", url) as (_, line):
        connection = http.client.HTTPConnection(line.split("http://")[1].strip().rstrip("/"))
        connection.request("GET", "/simulator/notice-url")
        told = json.loads(connection.getresponse().read())["notice_urls"]
        connection.close()
    assert set(told.values()) == {url}


@pytest.mark.parametrize("url", ["shop.example", "ftp://shop.example/", "http://"])
def test_an_address_for_notices_that_is_none_is_told_in_one_line(capsys, url):
    assert main(["simulator", "--port", "0", "--notice-url", url]) == 1
    assert capsys.readouterr().err == f"escott simulator cannot send notices to {url}\n"


def test_a_taken_port_is_told_in_one_line(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["simulator", "--port", port]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_without_the_extra_it_tells_how_to_install_it():
    bare = subprocess.run(
        [sys.executable, "-c", BARE, "simulator"], capture_output=True, text=True, check=False
    )
    assert bare.returncode == 1
    assert bare.stderr == (
        "escott simulator needs starlette, jinja2: pip install 'escott[simulator]'\n"
    )
