import csv
import io

from tests.reports.samples import MONTHS, report
from witnessbox.reports.counts import as_csv, counts
from witnessbox.reports.model import Tally


def rows() -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(counts(report(), MONTHS)).decode())))


def test_the_table_has_every_number_of_the_report() -> None:
    table = rows()
    assert table[0] == ["part", "of", "measure", "value"]
    assert ["summary", "distinct messages", "count", "6789"] in table
    assert ["finding", "bullying-threat", "banter", "5"] in table
    assert ["finding", "bullying-threat", "severity Low", "9"] in table
    assert ["copy", "2: Person 01", "missing", "37"] in table
    assert ["conversation", "1", "messages", "2400"] in table
    assert ["outcome", "Not published", "people", "2"] in table
    assert ["month", "1: Nights", "2016-01", "37"] in table
    assert ["reviewed", "messages", "unread", "5889"] in table


def test_a_name_is_no_formula() -> None:
    from dataclasses import replace

    odd = replace(report(), summary=(Tally("=1+1", 2),))
    assert b"'=1+1,count,2" in as_csv(counts(odd, []))
