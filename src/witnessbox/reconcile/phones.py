"""Which copies one phone handed over, so that each phone is heard once.  Pure.

A phone may come as a text export, as its database and in a laboratory's report, and be exported
twice: these are one witness, however many files they are.  What one custodian handed over is one
phone, unless its copies are known to be of several owners: of two of one person's phones it is only
cautious to take them for one, while one phone taken for two would seem to bear itself out.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from witnessbox.reconcile.model import PlannedCopy
from witnessbox.reconcile.sorting import order_by
from witnessbox.reconcile.weighing import custodian_of

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def phones(copies: Sequence[PlannedCopy]) -> Ints:
    """Say by number which phone each copy comes from; one of nobody's is a phone of its own.

    A copy whose owner is not known is taken for the phone of the custodian's first known owner.
    """
    custodians = [custodian_of(copy.source) for copy in copies]
    owners = [min((it.person for it in copy.names if it.owner), default="") for copy in copies]
    first: dict[str, str] = {}
    for custodian, owner in sorted(zip(custodians, owners, strict=True)):
        if owner:
            first.setdefault(custodian, owner)
    known = [
        f"{custodian}\0{owner or first.get(custodian, '')}" if custodian else f"\0{at}"
        for at, (custodian, owner) in enumerate(zip(custodians, owners, strict=True))
    ]
    return np.unique(known, return_inverse=True)[1].astype(np.int64)


def each_once(phone: Ints) -> bool:
    """Say whether every copy comes from another phone."""
    return len(np.unique(phone)) == len(phone)


def voices(message: Ints, phone: Ints, worth: Ints) -> Bools:
    """Choose of each phone's rows of a message the one that speaks for it: the one worth least.

    The arrays run alike; among equals the row that comes first speaks.
    """
    order = order_by(message, phone, worth)
    fresh = np.ones(len(order), bool)
    fresh[1:] = (np.diff(message[order]) != 0) | (np.diff(phone[order]) != 0)
    speaks = np.zeros(len(order), bool)
    speaks[order[fresh]] = True
    return speaks
