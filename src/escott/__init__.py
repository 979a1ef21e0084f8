"""escott: payments through the e-SCOTT Smart gateway, for Django shops in Japan.

Start with :mod:`escott.gateway` (the wire), :mod:`escott.rules` (the shop's law),
:mod:`escott.django` (any Django site) or :mod:`escott.oscar` (a django-oscar shop).
"""

__version__ = "0.1.0"
