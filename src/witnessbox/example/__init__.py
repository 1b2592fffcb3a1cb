"""The example operation: an invented one, with its truth written beside it.

``write`` makes a folder of eighteen export files such as a team's phones would give, and says of
every byte of them what it is, so that whatever reads them can be held against what was put in.
Nothing in it is real: no person, force, number or message.
"""

from witnessbox.example.making import ExampleError, Written, write

__all__ = ["ExampleError", "Written", "write"]
