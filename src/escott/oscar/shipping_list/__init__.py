"""The shipping list of a warehouse or a carrier (CSV): what was sent is captured.

=============  =============================================================================
``columns``    how its columns may be called, and how a cell is read
``reader``     the file, line by line
``review``     what each line means for its order: the dry run
``confirmed``  what was shown, as the confirmation carries it, and what is then written
=============  =============================================================================
"""

from escott.oscar.shipping_list.confirmed import DryRunGone, Shown, confirm, read_shown, sign_shown
from escott.oscar.shipping_list.reader import (
    LARGEST,
    MOST_LINES,
    BadLine,
    Shipment,
    ShippingList,
    Unreadable,
    read_shipping_list,
)
from escott.oscar.shipping_list.review import Entry, Meaning, review

__all__ = [
    "LARGEST",
    "MOST_LINES",
    "BadLine",
    "DryRunGone",
    "Entry",
    "Meaning",
    "Shipment",
    "ShippingList",
    "Shown",
    "Unreadable",
    "confirm",
    "read_shipping_list",
    "read_shown",
    "review",
    "sign_shown",
]
