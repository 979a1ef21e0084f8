"""A simulated e-SCOTT Smart gateway: the other side of the wire, offline.

The gateway's law is a core without I/O, :class:`Gateway`: fields in, fields out, at a given
time. :class:`LiveGateway` gives it a clock and a file. Three ways lead to it:

* ``escott simulator``, for a person trying a shop;
* :class:`escott.simulator.server.SimulatorServer`, on a free port, for test suites;
* :class:`escott.simulator.transport.InProcessTransport`, without a socket.

Slips (オンライン収納代行) are paid and their notices are sent by ``gateway.collection``, a
:class:`LiveCollection`. A server sends notices by itself; without one a test delivers them
into its shop with :func:`deliver_due_notices`.

A server needs ``escott[simulator]``; the core and the transport need nothing more.
"""

from escott.simulator.books import Transaction
from escott.simulator.core import Gateway
from escott.simulator.live import LiveGateway
from escott.simulator.live_collection import LiveCollection
from escott.simulator.magic_cards import DEMO_CARD, MAGIC_CARDS, MagicCard
from escott.simulator.merchants import DEMO_CARDS, DEMO_COLLECTION, Merchant
from escott.simulator.notice_faults import NoticeFault
from escott.simulator.notice_sender import NoticeReply, deliver_due_notices
from escott.simulator.options import Options
from escott.simulator.slips import Slip, SlipPayment

__all__ = [
    "DEMO_CARD",
    "DEMO_CARDS",
    "DEMO_COLLECTION",
    "MAGIC_CARDS",
    "Gateway",
    "LiveCollection",
    "LiveGateway",
    "MagicCard",
    "Merchant",
    "NoticeFault",
    "NoticeReply",
    "Options",
    "Slip",
    "SlipPayment",
    "Transaction",
    "deliver_due_notices",
]
