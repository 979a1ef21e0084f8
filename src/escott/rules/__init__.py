"""The shop's law: what the manual says a shop may do, free of any framework and any I/O.

One module, one rule:

===========================  ====================================================
``yen``                      what counts as an amount of money
``card_states``              card states, operations, and which may follow which
``collection_states``        the same of slips
``payment_states``           a payment's life, and when it is live
``operability``              what stands in the way of an operation on a card
``collection_operability``   what stands in the way of 変更 and 取消 of a slip
``handling_period``          the days in which a payment may still be operated on
``due_dates``                until when a slip can be paid, grace and reminders
``fee_table``                決済手数料, what is paid on top of a total
``full_width``               what of a text a slip can carry
``product_name``, ``payer``  商品名 and 支払人 on a slip
``order_status``             the order's status after a card payment
``unknown_outcome``          what proves that a charge did not happen
===========================  ====================================================
"""
