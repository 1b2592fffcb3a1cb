"""Cases: the linked investigations of the operation and their numbers, as the ledger holds them."""
