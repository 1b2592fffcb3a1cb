"""Tables on disk: Parquet, one folder a table, one file a shard, written whole or not at all.

This is where Arrow's files meet the package.  The same rows give the same bytes; page checksums are
written, and checked on reading, since Parquet readers do not notice a flipped bit by themselves.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.digest import pieces, sha256_of
from witnessbox.evidence.schema import Table

ROW_GROUP_ROWS = 16_384

_STAMPS = frozenset(("stamp",))
"""Columns of unlike values that begin alike: compressed hard, they take a twentieth of the room."""

_UNLIKE = frozenset(("stamp", "text", "normalised", "platform_id", "reply_to", "what"))
"""Columns that say something else on nearly every row, where a dictionary only costs."""


class TableError(WitnessboxError):
    """A table's file cannot be read, or is not the one that was written."""


@dataclass(frozen=True, slots=True)
class Written:
    """One shard as it was written: its path under the tables' root, rows and SHA-256."""

    path: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one operation."""

    root: Path

    def path(self, table: Table, shard: str) -> Path:
        """Give the place of one shard, whether it is there or not."""
        return self.root / table.name / f"{shard}.parquet"

    def shards(self, table: Table) -> list[str]:
        """Name the shards a table has, sorted."""
        return sorted(place.stem for place in (self.root / table.name).glob("*.parquet"))

    def write(self, table: Table, shard: str, batches: Iterable[pa.RecordBatch]) -> Written:
        """Write one shard from batches in the table's schema; an empty one is a file of no rows."""
        with self.writer(table, shard) as writer:
            for batch in batches:
                writer.add(batch)
        return writer.written()

    def writer(self, table: Table, shard: str) -> "ShardWriter":
        """Open a shard to write batch by batch, as a context manager."""
        return ShardWriter(self.root, table, self.path(table, shard))

    def remove(self, table: Table, keep: Iterable[str]) -> None:
        """Drop the shards of a derived table that are no longer made."""
        kept = set(keep)
        for shard in self.shards(table):
            if shard not in kept:
                self.path(table, shard).unlink()

    def read(
        self,
        table: Table,
        shards: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        """Read shards (all of them by default) into one table; none gives a table of no rows."""
        names = self.shards(table) if shards is None else shards
        parts = [self._read(table, name, columns) for name in names]
        if not parts:
            empty = table.stored.empty_table()
            return empty if columns is None else empty.select(columns)
        return pa.concat_tables(parts).unify_dictionaries()

    def _read(self, table: Table, shard: str, columns: Sequence[str] | None) -> pa.Table:
        place = self.path(table, shard)
        try:
            file = pq.ParquetFile(place, page_checksum_verification=True)
            return file.read(
                columns=None if columns is None else list(columns),
                use_threads=file.num_row_groups > 1,  # for less, to hand out the work costs more
            )
        except FileNotFoundError:
            raise TableError(
                f"table {table.name} has no part {shard}; run 'witnessbox run' to make it"
            ) from None
        except (OSError, pa.ArrowInvalid) as error:
            raise TableError(
                f"{place} cannot be read ({error}); delete it and run 'witnessbox run' again"
            ) from error

    def batches(
        self, table: Table, shard: str, columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Read one shard a stretch at a time."""
        with pq.ParquetFile(self.path(table, shard), page_checksum_verification=True) as file:
            yield from file.iter_batches(
                batch_size=ROW_GROUP_ROWS, columns=None if columns is None else list(columns)
            )

    def slice(
        self, table: Table, shard: str, first: int, rows: int, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """Read ``rows`` rows from row ``first`` on, touching only the row groups that hold them."""
        with pq.ParquetFile(self.path(table, shard), page_checksum_verification=True) as file:
            groups = range(
                first // ROW_GROUP_ROWS,
                min(file.num_row_groups, (first + max(rows, 1) - 1) // ROW_GROUP_ROWS + 1),
            )
            found = file.read_row_groups(
                list(groups), columns=None if columns is None else list(columns)
            )
        return found.slice(first - groups.start * ROW_GROUP_ROWS, rows)

    def where(
        self,
        table: Table,
        shard: str,
        column: str,
        values: Sequence[str] | Sequence[int],
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        """Read the rows of one shard in which a column has one of these values.

        A shard that is not there has none.
        """
        place = self.path(table, shard)
        if not values or not place.is_file():
            empty = table.stored.empty_table()
            return empty if columns is None else empty.select(columns)
        if isinstance(values[0], str) and pq.read_metadata(place).num_row_groups > 1:
            return self._with_words(place, column, values, columns)
        return pq.read_table(
            place,
            columns=None if columns is None else list(columns),
            filters=[(column, "in", list(values))],
            page_checksum_verification=True,
        )

    def _with_words(
        self, place: Path, column: str, words: Sequence[Any], columns: Sequence[str] | None
    ) -> pa.Table:
        """Read the rows with these words, and of other rows only that column.

        Footers do not tell which words stand where, so that otherwise all columns would be read.
        """
        wanted = pa.array(words, pa.string())
        with pq.ParquetFile(place, page_checksum_verification=True) as file:
            names = file.schema_arrow.names if columns is None else list(columns)
            parts = []
            for group in range(file.num_row_groups):
                said = file.read_row_group(group, [column])[column].cast(pa.string())
                there = pc.is_in(said, value_set=wanted)
                if pc.any(there).as_py():
                    parts.append(file.read_row_group(group, names).filter(there))
            nothing = file.schema_arrow.empty_table().select(names)
        return pa.concat_tables([nothing, *parts]).unify_dictionaries()

    def between(
        self,
        table: Table,
        shard: str,
        column: str,
        bounds: tuple[int, int],
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        """Read the rows of one shard in which a column is from the first bound to below the second.

        A shard that is not there has none.
        """
        first, beyond = bounds
        place = self.path(table, shard)
        if first >= beyond or not place.is_file():
            empty = table.stored.empty_table()
            return empty if columns is None else empty.select(columns)
        return pq.read_table(
            place,
            columns=None if columns is None else list(columns),
            filters=[(column, ">=", first), (column, "<", beyond)],
            page_checksum_verification=True,
        )

    def rows(self, table: Table) -> int:
        """Count a table's rows from its files' footers."""
        return sum(self.shard_rows(table, shard) for shard in self.shards(table))

    def highest(self, table: Table, column: str) -> int | None:
        """Give the highest number in a column, from the files' footers where they tell it."""
        found = (self._highest(table, shard, column) for shard in self.shards(table))
        return max((one for one in found if one is not None), default=None)

    def _highest(self, table: Table, shard: str, column: str) -> int | None:
        about = pq.read_metadata(self.path(table, shard))
        at = about.schema.names.index(column)
        groups = [about.row_group(number) for number in range(about.num_row_groups)]
        told = [group.column(at).statistics for group in groups]
        if all(one is not None and one.has_min_max for one in told):
            return max((int(one.max) for one in told), default=None)
        highest = pc.max(self.read(table, [shard], [column])[column]).as_py()
        return None if highest is None else int(highest)

    def shard_rows(self, table: Table, shard: str) -> int:
        """Count one shard's rows from its file's footer; a shard that is not there has none."""
        place = self.path(table, shard)
        return int(pq.read_metadata(place).num_rows) if place.is_file() else 0


class ShardWriter:
    """Writes one shard beside its place and puts it there when all went well."""

    def __init__(self, root: Path, table: Table, place: Path) -> None:
        self._root, self._place = root, place
        self._schema = table.stored
        self._pending: list[pa.RecordBatch] = []
        self._pending_rows = 0
        self._rows = 0
        self._written: Written | None = None

    def __enter__(self) -> Self:
        self._place.parent.mkdir(parents=True, exist_ok=True)
        self._partial = self._place.with_suffix(".partial")
        self._file = pq.ParquetWriter(
            self._partial,
            self._schema,
            write_page_checksum=True,
            **_encodings(self._schema),
        )
        return self

    def add(self, batch: pa.RecordBatch) -> None:
        """Take one batch; row groups are cut at ``ROW_GROUP_ROWS`` whatever the batches' sizes."""
        for column in self._schema.names[batch.num_columns :]:
            batch = batch.append_column(column, pa.nulls(batch.num_rows, pa.string()))
        self._pending.append(batch)
        self._pending_rows += batch.num_rows
        if self._pending_rows >= ROW_GROUP_ROWS:
            self._flush(last=False)

    def _flush(self, *, last: bool) -> None:
        if not self._pending:
            return
        rows = pa.Table.from_batches(self._pending)
        if rows.schema != self._schema:
            rows = rows.cast(self._schema)
        whole = rows.num_rows if last else rows.num_rows - rows.num_rows % ROW_GROUP_ROWS
        self._file.write_table(rows.slice(0, whole), row_group_size=ROW_GROUP_ROWS)
        rest = rows.slice(whole)
        self._pending = rest.to_batches() if rest.num_rows else []
        self._pending_rows = rest.num_rows
        self._rows += whole

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._flush(last=True)
            self._file.close()
            if kind is None:
                with self._partial.open("rb") as stream:
                    sha256 = sha256_of(pieces(stream))
                self._partial.replace(self._place)
                path = self._place.relative_to(self._root).as_posix()
                self._written = Written(path, self._rows, sha256)
        finally:
            self._partial.unlink(missing_ok=True)

    def written(self) -> Written:
        """Say what was written, once the writer has closed without an error."""
        if self._written is None:
            raise TableError(f"{self._place} was not finished")
        return self._written


def _encodings(schema: pa.Schema) -> dict[str, Any]:
    """Choose how each column is laid down.

    Numbers and times as differences, which are small, and words that repeat in dictionaries: little
    is left there to compress.  Text stands as it is and is compressed lightly, since it is most of
    the bytes and of the work.  Statistics stand by numbers and times alone: rows are sought by
    these.  Readers take all this from the file itself; a table laid down otherwise reads the same.
    """
    counted = [field.name for field in schema if _counts(field.type)]
    free = [field.name for field in schema if field.name in _UNLIKE]
    words = [field.name for field in schema if field.name not in {*counted, *free}]
    stamps = [name for name in free if name in _STAMPS]
    return {
        "use_dictionary": words,
        "column_encoding": dict.fromkeys(counted, "DELTA_BINARY_PACKED")
        | dict.fromkeys(free, "PLAIN"),
        "compression": dict.fromkeys(schema.names, "none")
        | dict.fromkeys(free, "snappy")
        | dict.fromkeys(stamps, "zstd"),
        "compression_level": dict.fromkeys(stamps, 1),
        "write_statistics": counted,
        "write_batch_size": ROW_GROUP_ROWS,
    }


def _counts(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_timestamp(kind))
