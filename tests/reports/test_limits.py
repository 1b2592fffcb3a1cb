from witnessbox.reports.limits import Blind, limits

NOTHING = Blind(0, 0, 0, 0, 0, 0, 0, 0)


def test_what_always_holds_is_always_said() -> None:
    assert len(limits(NOTHING)) == 2


def test_each_blind_spot_is_said_with_its_count() -> None:
    said = limits(Blind(1, 2, 3_000, 4, 5, 6, 7, 1))
    assert [one.split(" ")[0] for one in said[:3]] == ["1", "2", "3,000"]
    assert "5 attachments are named, 4 of them left out" in said[3]
    assert "clock of 6 copies" in said[4]
    assert said[5].startswith("7 codings rest")
    assert said[6].startswith("1 message named under allegations")
    assert len(said) == 9


def test_one_is_not_written_as_many() -> None:
    assert limits(Blind(1, 1, 1, 0, 1, 1, 1, 2))[0].startswith("1 file was received")
