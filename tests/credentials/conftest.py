"""What the tests of credentials share: no hurry on a busy machine."""

from hypothesis import settings

settings.register_profile("patient", deadline=None, database=None)
settings.load_profile("patient")
