"""Template tags for the pages of an Oscar shop: ``{% load escott_oscar %}``."""
