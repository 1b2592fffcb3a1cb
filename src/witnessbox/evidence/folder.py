"""Where the parts of an operation lie in its folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of one operation.  Only ``vault`` and the ledger cannot be made again."""

    root: Path

    @property
    def settings(self) -> Path:
        """The operation's name, zone and profile, for people to read."""
        return self.root / "operation.toml"

    @property
    def vault(self) -> Path:
        """Exhibits, by SHA-256."""
        return self.root / "vault"

    @property
    def ledger(self) -> Path:
        """The ledger, where it is kept in SQLite."""
        return self.root / "ledger.sqlite"

    @property
    def head(self) -> Path:
        """The last ledger position and hash that were acknowledged, to notice a cut-off tail."""
        return self.root / "ledger.head"

    @property
    def tables(self) -> Path:
        """Parquet, one folder a table, one file a shard."""
        return self.root / "tables"

    @property
    def steps(self) -> Path:
        """What each bulk step read and wrote, one JSON file a shard."""
        return self.root / "steps"

    @property
    def lexicons(self) -> Path:
        """Lexicons of the operation's own, for screening to look through too."""
        return self.root / "lexicons"

    @property
    def index(self) -> Path:
        """The search index."""
        return self.root / "index"

    @property
    def learner(self) -> Path:
        """What the learner weighs, made from the tables."""
        return self.root / "learner"

    @property
    def reports(self) -> Path:
        """Reports and bundles."""
        return self.root / "reports"
