"""The shop's law: what the manual says a shop may do, free of any framework and any I/O.

One module, one rule:

=====================  ====================================================
``yen``                what counts as an amount of money
``card_states``        card states, operations, and which may follow which
``handling_period``    the days in which a payment may still be operated on
``order_status``       the order's status after a card payment
``payment_states``     a payment's life, and when it is live
``unknown_outcome``    what proves that a charge did not happen
=====================  ====================================================
"""
