"""決済一覧: payments filtered, searched, paged and exported, for any host.

===============  =====================================================================
``conditions``   what a filter means, and in which order its rows are shown
``filter_form``  the filters as staff fill them in
``search``       what the one search box may mean
``pages``        a page of the list by keyset, at the same cost for any number of rows
``csv_export``   the filtered list as CSV
===============  =====================================================================
"""

from escott.django.payment_list.conditions import Mark, Order, Selection
from escott.django.payment_list.csv_export import CSV_ENCODINGS, csv_of
from escott.django.payment_list.filter_form import ListFilter
from escott.django.payment_list.pages import Cursor, Page, cursor_of, page_of, rows_of
from escott.django.payment_list.search import FoundOrders, NotADate, read

__all__ = [
    "CSV_ENCODINGS",
    "Cursor",
    "FoundOrders",
    "ListFilter",
    "Mark",
    "NotADate",
    "Order",
    "Page",
    "Selection",
    "csv_of",
    "cursor_of",
    "page_of",
    "read",
    "rows_of",
]
