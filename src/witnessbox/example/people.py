"""The fourteen officers of an invented team in an invented force, and who is prone to what."""

from witnessbox.example.model import Officer

FORCE = "Marlow Vale Constabulary"
TEAM = "Harbour Street response team"

OFFICERS = (
    Officer("o01", "Alan", "Thistlewood", "Skip", "+44 7700 900101", "Alan Thistlewood"),
    Officer("o02", "Darren", "Mosscrop", "Daz", "+44 7700 900102", "Daz Mosscrop"),
    Officer("o03", "Kieran", "Oakhurst", "Kez", "+44 7700 900103", "Kieran Oakhurst"),
    Officer("o04", "Imran", "Qadir-Hale", "Immy", "+44 7700 900104", "Imran Qadir-Hale"),
    Officer("o05", "Bethan", "Llewellyn-Rudd", "Beth", "+44 7700 900105", "Bethan Rudd"),
    Officer("o06", "Tomasz", "Wierzbowy", "Tommo", "+44 7700 900106", "Tomasz Wierzbowy"),
    Officer("o07", "Craig", "Fennimore", "Fenn", "+44 7700 900107", "Craig Fennimore"),
    Officer("o08", "Adaeze", "Okonjo-Birch", "Ada", "+44 7700 900108", "Adaeze O Birch"),
    Officer("o09", "Lewis", "Trengrove", "Lew", "+44 7700 900109", "Lew Trengrove"),
    Officer("o10", "Mateo", "Salcedo-Finch", "Matty", "+44 7700 900110", "Mateo Salcedo Núñez"),
    Officer("o11", "Hannah", "Drostwick", "Han", "+44 7700 900111", "Hannah Drostwick"),
    Officer("o12", "Joost", "van Ellerbeek", "Joe", "+44 7700 900112", "Joost van Ellerbeek"),
    Officer("o13", "Priya", "Chandrawick", "Pri", "+44 7700 900113", "Priya Chandrawick"),
    Officer("o14", "Daniel", "Hexworthy", "Dan", "+44 7700 900114", "Dan Hexworthy"),
)

BY_KEY = {officer.key: officer for officer in OFFICERS}

TALKATIVE = {
    "o01": 6, "o02": 13, "o03": 12, "o04": 7, "o05": 8, "o06": 7, "o07": 13,
    "o08": 6, "o09": 10, "o10": 9, "o11": 7, "o12": 6, "o13": 4, "o14": 9,
}  # fmt: skip
"""How often each speaks, beside the others."""

PRONE = {
    "racism": ("o03", "o07", "o12"),
    "misogyny": ("o02", "o09", "o10"),
    "homophobia-transphobia": ("o07", "o12", "o02"),
    "ableism": ("o09", "o06"),
    "antisemitism": ("o12", "o07"),
    "islamophobia": ("o03", "o14"),
    "sexual-violence": ("o14", "o02"),
    "domestic-abuse": ("o10", "o14"),
    "bullying-threat": ("o01", "o02", "o07", "o14"),
}
"""Who writes the planted messages of each category."""

CHALLENGERS = ("o04", "o05", "o08", "o11", "o13")
"""Who answers back, when anybody does."""
