"""What the person at this machine may set.  Frozen; only the workbench and the commands see it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from witnessbox.errors import WitnessboxError
from witnessbox.ledger.model import Actor

PREFIX = "WITNESSBOX_"


class SettingsError(WitnessboxError):
    """A setting has a value that makes no sense."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings, each from an environment variable of the same name behind ``WITNESSBOX_``."""

    actor: Actor  # WITNESSBOX_ACTOR (id) and WITNESSBOX_ACTOR_NAME: who signs ledger entries
    jobs: int  # WITNESSBOX_JOBS: processes for bulk steps
    port: int  # WITNESSBOX_PORT: where the workbench listens, on 127.0.0.1 only
    idle_minutes: int  # WITNESSBOX_IDLE_MINUTES: after which a sign-in lapses
    ocr_languages: str  # WITNESSBOX_OCR_LANGUAGES: as Tesseract names them, eng+fra
    transcriber: str  # WITNESSBOX_TRANSCRIBER: the local command for voice notes; none is shipped
    machine_seconds: int  # WITNESSBOX_MACHINE_SECONDS: for one file, after which reading is ended


def from_environment(environment: Mapping[str, str], user: str) -> Settings:
    """Read settings; ``user`` signs where no actor is set.  Raises SettingsError."""
    who = environment.get(f"{PREFIX}ACTOR", user)
    return Settings(
        actor=Actor(who, environment.get(f"{PREFIX}ACTOR_NAME", who)),
        jobs=_number(environment, "JOBS", os.cpu_count() or 1, 256),
        port=_number(environment, "PORT", 8700, 65535),
        idle_minutes=_number(environment, "IDLE_MINUTES", 30, 24 * 60),
        ocr_languages=environment.get(f"{PREFIX}OCR_LANGUAGES", "eng"),
        transcriber=environment.get(f"{PREFIX}TRANSCRIBER", ""),
        machine_seconds=_number(environment, "MACHINE_SECONDS", 600, 24 * 3600),
    )


def _number(environment: Mapping[str, str], name: str, default: int, most: int) -> int:
    written = environment.get(PREFIX + name, str(default))
    if not written.isascii() or not written.isdigit() or not 1 <= int(written) <= most:
        raise SettingsError(f"{PREFIX}{name} must be a number from 1 to {most}, not {written!r}")
    return int(written)
