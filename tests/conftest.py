"""How Hypothesis tries its examples."""

from hypothesis import settings

# The first call of a function compiles it: that it is slower than the next is no failure.
settings.register_profile("compiling", parent=settings(), deadline=None)
settings.load_profile("compiling")
