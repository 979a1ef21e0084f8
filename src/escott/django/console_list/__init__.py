"""The list that the gateway's console exports (CSV), read beside our own record.

================  ==========================================================================
``columns``       how its columns may be called, and how a cell is read
``reader``        the file, line by line
``findings``      what each line means for a payment of ours: the dry run
``finding_texts`` the same in words
``decisions``     what staff decide, as the confirmation page carries it
================  ==========================================================================

Nothing of the file is stored but what is decided.
"""

from escott.django.console_list.decisions import Decision, Expired, read_decisions, sign_decisions
from escott.django.console_list.findings import (
    Finding,
    Meaning,
    MixedModes,
    NoneOfOurs,
    Review,
    review,
)
from escott.django.console_list.reader import (
    LARGEST,
    BadLine,
    ConsoleList,
    Line,
    Unreadable,
    read_console_list,
)

__all__ = [
    "LARGEST",
    "BadLine",
    "ConsoleList",
    "Decision",
    "Expired",
    "Finding",
    "Line",
    "Meaning",
    "MixedModes",
    "NoneOfOurs",
    "Review",
    "Unreadable",
    "read_console_list",
    "read_decisions",
    "review",
    "sign_decisions",
]
