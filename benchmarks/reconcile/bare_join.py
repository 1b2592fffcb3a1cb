"""Lay copies together by text and time alone, with DuckDB: what the bare join costs.

    python -m benchmarks.reconcile.bare_join TABLES

Told which copies belong together, it puts each copy's clock right by the median difference of texts
said once, joins equal texts at most 75 seconds apart, and writes five numbers a sighting.  No
people, windows, notices, edits, gaps, reasons, ids or spans; a clock that drifts or is set parts
what belongs together.
Prints JSON: CPU seconds, rows, and how many messages it takes them for.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import duckdb

_NUMBERED = """
create table {0}s as
select {0}, row_number() over (order by {0}) :: usmallint as number
from (select distinct {0} from read_parquet($tables))
"""
_ROWS = """
create table m as
select conversations.number as chat, exhibits.number as copy,
    sequence :: integer as row, epoch_ms(sent_at) as ms, hash(text) as text
from read_parquet($tables)
join exhibits using (exhibit) join conversations using (conversation)
"""
_ONE = "create or replace temp table k as select copy, row, ms, text from m where chat = $chat"
_CLOCKS = """
create or replace temp table c as
with once as (
    select copy, text, any_value(ms) as ms from k group by copy, text having count(*) = 1
),
longest as (select copy from k group by copy order by count(*) desc, copy limit 1)
select b.copy, median(a.ms - b.ms) :: bigint as off
from once a join longest using (copy) join once b on a.text = b.text group by b.copy
"""
_JOINED = """
copy (
    with told as (
        select k.copy, row, text, ms + coalesce(off, 0) as ms from k left join c using (copy)
    ),
    marked as (
        select *, ms - lag(ms) over (partition by text order by ms) > 75000 as apart from told
    ),
    grouped as (
        select *, sum(coalesce(apart, false) :: integer) over (
            partition by text order by ms rows unbounded preceding
        ) as stretch from marked
    )
    select copy, row, text, stretch,
        row_number() over (partition by text, stretch, copy order by row) as nth
    from grouped
) to '{}' (format parquet, compression zstd)
"""


def main() -> None:
    """Join, and print what it took."""
    tables = str(Path(sys.argv[1]) / "messages" / "*.parquet")
    base = duckdb.connect()
    base.execute("set threads = 1; set preserve_insertion_order = false; set TimeZone = 'UTC'")
    with tempfile.TemporaryDirectory() as place:
        began = time.process_time()
        for name in ("exhibit", "conversation"):
            base.execute(_NUMBERED.format(name), {"tables": tables})
        base.execute(_ROWS, {"tables": tables})
        chats = base.execute("select distinct chat from m order by chat").fetchall()
        for (chat,) in chats:
            base.execute(_ONE, {"chat": chat})
            base.execute(_CLOCKS)
            base.execute(_JOINED.format(Path(place) / f"{chat}.parquet"))
        took = time.process_time() - began
        ((rows,),) = base.execute("select count(*) from m").fetchall()
        found = (
            "select count(*) from (select distinct filename, text, stretch, nth"
            " from read_parquet($made, filename = true))"
        )
        ((messages,),) = base.execute(found, {"made": f"{place}/*.parquet"}).fetchall()
    print(json.dumps({"cpu_s": took, "rows": rows, "messages": messages}))


if __name__ == "__main__":
    main()
