"""The version of this release; ledger, reports and bundles name it."""

VERSION = "0.1.0"
