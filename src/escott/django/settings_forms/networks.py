"""A field for addresses and networks, one a line, as the gateway or a firewall's list has them."""

from __future__ import annotations

import ipaddress
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class NetworksField(forms.CharField):
    """Cleans to the addresses and networks as they are usually written, each on its line."""

    widget = forms.Textarea({"rows": 4, "spellcheck": "false", "autocomplete": "off"})

    def to_python(self, value: Any) -> str:
        lines = unicodedata.normalize("NFKC", super().to_python(value) or "").splitlines()
        networks: list[Network] = []
        wrong: list[ValidationError] = []
        for number, line in enumerate(lines, start=1):
            for text in line.replace(",", " ").split():
                try:
                    networks.append(ipaddress.ip_network(text))
                except ValueError:
                    wrong.append(ValidationError(_what_is_wrong(number, text)))
        if wrong:
            raise ValidationError(wrong)
        return "\n".join(dict.fromkeys(map(_written, networks)))


def _what_is_wrong(number: int, text: str) -> str:
    try:
        around = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return _("Line %(line)d: “%(text)s” is no IP address and no network.") % {
            "line": number,
            "text": text[:60],
        }
    return _(
        "Line %(line)d: “%(text)s” is an address inside a network. Did you mean %(network)s?"
    ) % {
        "line": number,
        "text": text[:60],
        "network": around,
    }


def _written(network: Network) -> str:
    """``203.0.113.9`` rather than ``203.0.113.9/32``."""
    single = network.prefixlen == network.max_prefixlen
    return str(network.network_address if single else network)
