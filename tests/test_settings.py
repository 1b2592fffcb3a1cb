"""Settings from the environment."""

import pytest

from witnessbox.ledger.model import Actor
from witnessbox.settings import SettingsError, from_environment


def test_the_user_signs_where_nothing_is_set() -> None:
    settings = from_environment({}, "ana")
    assert settings.actor == Actor("ana", "ana")
    assert settings.port == 8700
    assert settings.idle_minutes == 30
    assert settings.jobs >= 1
    assert (settings.ocr_languages, settings.transcriber) == ("eng", "")
    assert settings.machine_seconds == 600


def test_what_is_set_counts() -> None:
    settings = from_environment(
        {
            "WITNESSBOX_ACTOR": "bo",
            "WITNESSBOX_ACTOR_NAME": "Bo Lindqvist",
            "WITNESSBOX_JOBS": "3",
            "WITNESSBOX_PORT": "9000",
            "WITNESSBOX_IDLE_MINUTES": "5",
            "WITNESSBOX_OCR_LANGUAGES": "eng+fra",
            "WITNESSBOX_TRANSCRIBER": "speak {file}",
            "WITNESSBOX_MACHINE_SECONDS": "30",
        },
        "ana",
    )
    assert settings.actor == Actor("bo", "Bo Lindqvist")
    assert (settings.jobs, settings.port, settings.idle_minutes) == (3, 9000, 5)
    assert (settings.ocr_languages, settings.transcriber) == ("eng+fra", "speak {file}")
    assert settings.machine_seconds == 30


@pytest.mark.parametrize("written", ["", "many", "-1", "0", "70000", "٣"])
def test_a_setting_that_makes_no_sense_is_named(written: str) -> None:
    with pytest.raises(SettingsError, match="WITNESSBOX_PORT must be a number from 1 to 65535"):
        from_environment({"WITNESSBOX_PORT": written}, "ana")
