"""決済情報: the panel of one payment, shared by Oscar's dashboard and the Django admin.

===================  =====================================================================
``host``             what a host shop says: its frame, its addresses, its links
``shown_payment``    the payment in words: facts, history, refunds, what is open
``buttons``          売上計上, 利用額変更, 取消, 再オーソリ: which, and why not
``forms``            the new total, and the press of the confirm button
``confirmation``     before and after, in yen
``results``          what came of a press, and what somebody else did meanwhile
``comparison_texts`` what the gateway told, beside our record
``views``            the pages; none of them asks the gateway while it renders
===================  =====================================================================
"""
