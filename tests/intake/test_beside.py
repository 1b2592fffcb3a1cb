"""What lies beside a file and is needed to read it."""

import pytest

from witnessbox.intake.beside import companion_of, companions, folder_of, is_database, mappings


@pytest.mark.parametrize(
    "name",
    ["msgstore.db", "a/ChatStorage.sqlite", "sms.db-wal", "X.DB-JOURNAL", "AddressBook-v22.abcddb"],
)
def test_databases_and_their_companions_are_known_by_name(name: str) -> None:
    assert is_database(name)


@pytest.mark.parametrize("name", ["chat.txt", "db", "notes-wal", "photo.db.jpg"])
def test_other_files_are_not(name: str) -> None:
    assert not is_database(name)


def test_a_companion_names_its_database() -> None:
    assert companion_of("a/msgstore.db-wal") == "a/msgstore.db"
    assert companion_of("a/msgstore.db") is None


def test_only_databases_of_one_folder_lie_beside_one_another() -> None:
    names = ["a/msgstore.db", "a/wa.db", "a/chat.txt", "b/wa.db", "a/msgstore.db-wal"]
    found = dict(zip(names, companions(names, str, folder_of), strict=True))
    assert found == {
        "a/msgstore.db": ("a/wa.db", "a/msgstore.db-wal"),
        "a/wa.db": ("a/msgstore.db", "a/msgstore.db-wal"),
        "a/chat.txt": (),
        "b/wa.db": (),
        "a/msgstore.db-wal": ("a/msgstore.db", "a/wa.db"),
    }


@pytest.mark.parametrize("above", ["", "group.net/"])
def test_what_an_app_keeps_apart_lies_beside_the_databases_above(above: str) -> None:
    names = [
        f"{above}ChatStorage.sqlite",
        f"{above}MessagingInfraDB_v2/MessagingInfraDatabase.sqlite",
    ]
    assert companions(names, str, lambda _: None) == [(names[1],), (names[0],)]


def test_what_came_at_another_time_does_not_lie_beside() -> None:
    items = [("msgstore.db", 1), ("wa.db", 2)]
    assert companions(items, lambda one: one[0], lambda one: one[1]) == [(), ()]


def test_a_table_is_read_with_the_mapping_named_after_it_and_the_last_one_stands() -> None:
    names = ["in/desk.csv", "desk.csv.mapping.toml", "other.csv", "later/desk.csv.mapping.toml"]
    found = mappings(names, str, lambda _: None)
    assert found == ["later/desk.csv.mapping.toml", None, None, None]


def test_another_custodians_mapping_is_not_taken() -> None:
    items = [("desk.csv", "Ana"), ("desk.csv.mapping.toml", "Bo")]
    assert mappings(items, lambda one: one[0], lambda one: one[1]) == [None, None]
