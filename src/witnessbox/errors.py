"""The base of every error Witnessbox raises on purpose."""


class WitnessboxError(Exception):
    """Something was refused or does not hold; the message says what, where and what to do next.

    ``str(error)`` is one sentence fit to show to an investigator.
    """
