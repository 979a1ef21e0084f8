"""escott for a django-oscar shop: checkout, payment page, order statuses, mails, dashboard.

In ``INSTALLED_APPS`` of the shop, put ``"escott.django"`` and ``"escott.oscar"`` before
Oscar's apps and replace ``"oscar.apps.checkout.apps.CheckoutConfig"`` by
``"escott.oscar.checkout.apps.CheckoutConfig"``. A shop that has forked ``checkout`` itself
imports the views of :mod:`escott.oscar.checkout.views` into its own.
"""
