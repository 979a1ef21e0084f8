"""Properties get as many examples as the run has time for, and no deadline on a busy machine."""

from hypothesis import settings

from tests.soak import figure

settings.register_profile("escott", deadline=None, max_examples=figure(100, 2000))
settings.load_profile("escott")
