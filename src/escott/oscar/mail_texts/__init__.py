"""The texts of the shop's mails: one per kind, with places such as ``{order_number}``.

=============  ========================================================================
``places``     the places, what each is filled with, and which may stand in a subject
``kinds``      for each kind of mail: to whom and when it goes, and its places
``defaults``   the texts that a shop begins with
``checking``   what is wrong with a text that staff have written
``stored``     the text in force: what staff have written, or the default
``rendering``  a text and its values as the two parts of a mail
``values``     what fills the places of a queued mail
``sample``     what fills them in the preview
=============  ========================================================================
"""
