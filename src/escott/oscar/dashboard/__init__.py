"""What Oscar's dashboard gains: 決済, with its settings and logs, and pages that no cache keeps.

===================  =====================================================================
``site``             the dashboard's configuration with the pages below
``orders``           Oscar's pages of orders, kept by no cache
``customers``        Oscar's pages of customers with ``customer_cards``
``payment_methods``  the list of methods, with 有効化 and 管理
``payment_detail``   決済情報 of one payment
``card_settings``    the settings of クレジットカード決済
``log``              the diagnostic log
``audit_log``        who changed what
===================  =====================================================================
"""

from escott.oscar.dashboard.customers import UsersDashboardConfig
from escott.oscar.dashboard.orders import OrdersDashboardConfig
from escott.oscar.dashboard.site import DashboardConfig

__all__ = ["DashboardConfig", "OrdersDashboardConfig", "UsersDashboardConfig"]
