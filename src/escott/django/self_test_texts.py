"""届くか確認: what the site found when it asked its own address, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from escott.django.notice_self_test import SelfTestEnd, SelfTestResult

_TEXTS: Final[Mapping[SelfTestEnd, str]] = {
    SelfTestEnd.ARRIVES: noop("A notice that this server sent to the address has arrived here."),
    SelfTestEnd.REDIRECTED: noop(
        "The address leads on to %(redirected_to)s (status %(status)s), and a notice would be lost "
        "on the way. Register the address that it leads to, or switch the redirect off here."
    ),
    SelfTestEnd.LOG_IN_WALL: noop(
        "A password is asked for before the site (status %(status)s). Exempt this address from "
        "Basic authentication."
    ),
    SelfTestEnd.FORBIDDEN: noop(
        "Access is refused (status %(status)s). Exempt this address from the restriction of IP "
        "addresses or the firewall."
    ),
    SelfTestEnd.OTHER_STATUS: noop(
        "The answer was status %(status)s. Look for maintenance mode, rules of the web server, or "
        "an error in its log."
    ),
    SelfTestEnd.ANOTHER_SITE: noop(
        "Something answered (status %(status)s) that is not this shop. Check that the domain, the "
        "folder and the proxy lead to this server, and that no cache or maintenance page answers "
        "for it."
    ),
    SelfTestEnd.TLS: noop(
        "No secure connection came about (%(detail)s). Renew or complete the certificate, and let "
        "the site offer TLS 1.2."
    ),
    SelfTestEnd.NO_SUCH_HOST: noop(
        "The domain is not known. Check SITE_URL in the settings of the server, and the DNS."
    ),
    SelfTestEnd.TIMED_OUT: noop(
        "No answer came in time. Check whether a firewall keeps the server from reaching its own "
        "public address, and whether the server is overloaded."
    ),
    SelfTestEnd.UNREACHABLE: noop(
        "No connection came about (%(detail)s). Check that the site is running, the port, and the "
        "firewall."
    ),
    SelfTestEnd.NO_ADDRESS: noop(
        "It is no address that can be reached. Check SITE_URL in the settings of the server."
    ),
}


def self_test_text(result: SelfTestResult) -> str:
    """What was found, and the remedy in one sentence."""
    return _(_TEXTS[result.end]) % {
        "status": result.status,
        "redirected_to": result.redirected_to,
        "detail": result.detail,
    }
