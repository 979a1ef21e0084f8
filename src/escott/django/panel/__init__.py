"""決済情報: the panel of one payment, shared by Oscar's dashboard and the Django admin.

=======================  ==================================================================
``host``                 what a host shop says: its frame, its addresses, its links
``page``, ``views``      the pages; none of them asks the gateway while it renders
``desk``, ``desks``      what the panel does for one payment, and whose desk serves it
``shown_payment``        the payment in words: facts, history, refunds, what is open
``facts``, ``days``      one line about a payment; days and moments as they are written
``buttons``              one button, and why it can't be pressed
``forms``                yen, and the press of the confirm button
``results``              what came of a press, and what somebody else did meanwhile
``inquiry_text``         what the gateway told
=======================  ==================================================================

Each method has its own, named after it:

=======================  ==================================================================
``card_*``               売上計上, 利用額変更, 取消, 再オーソリ; 1Search
``slip_*``               変更, 取消, お支払い案内を再送, what ends a matter; 2Ref
=======================  ==================================================================
"""
