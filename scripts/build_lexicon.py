"""Make ``lexicon-surge.tsv`` out of Surge AI's profanity list (MIT), sorted into our categories.

    python scripts/build_lexicon.py DATA src/witnessbox/screening/data/lexicon-surge.tsv

DATA is the folder that holds ``surge_profanity_lexicon.parquet``.  The list's own categories are
about words, ours about conduct; the tables below say where they part.  Ambiguous everyday words are
left out: a lexicon that marks "crow" explains nothing.
"""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from witnessbox.screening.lexicon_file import COLUMNS
from witnessbox.screening.normalise import clean

SOURCE, LICENCE = "surge-ai/profanity", "MIT"
SEVERITY = {"Mild": 1, "Strong": 2, "Severe": 3}

LEFT_OUT = {
    "69", "abbie", "bang", "bonk", "buttermilk", "crow", "crows", "coot", "dong", "finger",
    "flamer", "flamers", "greaser", "meat", "nip", "nymph", "hustler", "spook", "spooks", "slit",
    "stump", "suck", "wound", "hell", "snatch", "tramp", "tart", "dolt", "pole", "swine", "breast",
    "breasts", "bung", "butter", "bum", "pecker", "dump", "gay", "queer", "queers", "homosexual",
    "sperm", "sex", "anal", "vagina", "vulva", "rectum", "sphincter", "testicles", "orgasm",
    "bondage", "ape", "apes", "mong", "mongrel", "hoar", "jerk", "god", "arse", "bugger",
    "kk", "sob", "sobs", "crazy sob", "soab", "sum of a bitch", "peter", "feg", "knickers",
    "nuggets", "nicker", "nickers", "jigger", "jiggers", "jiggs", "aboe", "nigers", "bastinado",
    "nymphomaniac", "cooties", "scut", "what the fuck", "fckyeah", "kiddy touch",
}  # fmt: skip

BY_CANONICAL = {
    "antisemitism": {"hebe", "jew", "kike", "oven dodger", "shylock", "shiester"},
    "islamophobia": {"raghead", "towelhead", "camel jockey"},
    "racism": {"china virus", "kkk", "spic", "nigger", "jiggaboo"},
    "ableism": {"mongoloid", "retard", "retarded", "window licker"},
    "sexual-violence": {
        "grope", "jailbait", "kidtoucher", "molest", "nonce", "pedophile", "upskirt",
    },
    "homophobia-transphobia": {
        "faggot", "fudge packer", "carpet muncher", "pillow biter", "peter puffer", "ladyboy",
        "shemale", "tranny", "dyke", "bean queen",
    },
    "misogyny": {
        "bitch", "slut", "whore", "hoe", "skank", "slag", "garbage bag", "loose", "punta", "cunt",
        "milf", "meat curtains",
    },
}  # fmt: skip

BY_WORDS = {
    "racial / ethnic slurs": "racism",
    "sexual orientation / gender": "homophobia-transphobia",
    "mental disability": "bullying-threat",
    "physical disability": "ableism",
    "other / general insult": "bullying-threat",
    "animal references": "bullying-threat",
    "physical attributes": "bullying-threat",
}


def category_of(canonical: str, words: str) -> str | None:
    """Give the category of an entry, or None for mere swearing."""
    for category, forms in BY_CANONICAL.items():
        if canonical in forms:
            return category
    return BY_WORDS.get(words)


def cleaned(form: str) -> str:
    """Give the words an entry is matched by, so that spellings of one word are one entry."""
    return " ".join("".join(map(chr, clean(pa.array([form])).codes)).split())


def main(data: Path, target: Path) -> None:
    """Write the lexicon."""
    rows = pq.read_table(data / "surge_profanity_lexicon.parquet").to_pylist()
    lines: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: str(row["text"])):
        form = row["text"].strip()
        plain = cleaned(form)
        if len(plain) < 2 or {form.lower(), plain} & LEFT_OUT:
            continue  # nothing is left to match, or an everyday word
        canonical = (row["canonical_form_1"] or "").lower()
        category = category_of(canonical, row["category_1"])
        kind = "coarse" if category is None else "abusive"
        severity = SEVERITY[row["severity_description"]]
        fields = form, category or "abuse", kind, str(severity), "", SOURCE, LICENCE, "no"
        lines.setdefault(plain, "\t".join(fields))
    head = "\t".join(COLUMNS)
    target.write_text("\n".join([head, *sorted(lines.values())]) + "\n", encoding="utf-8")
    print(f"{len(lines)} entries in {target}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
