"""The ``witnessbox`` command: which commands there are, and what their ends mean.

Exit codes: 0 done, 1 a finding or a refusal, 2 wrong use, 130 interrupted.
"""

import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError
from rich.console import Console

from witnessbox import __version__
from witnessbox.errors import WitnessboxError

DONE, REFUSED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130

COMMANDS = {
    "demo": (
        "demo:demo",
        "Build the example operation, from exports to a report, and open the workbench.",
        "witnessbox demo",
    ),
    "parse": (
        "parse:parse",
        "Read exports without an operation: one JSON object a record.",
        'witnessbox parse "WhatsApp Chat with Nights.txt" > nights.jsonl',
    ),
    "new": (
        "new:new",
        "Make an operation.",
        'witnessbox new harbour --name "Operation Harbour" --zone Europe/London',
    ),
    "receive": (
        "receive:receive",
        "Take files, folders and zips into the vault.",
        'witnessbox receive harbour chat.zip --custodian "PC 411" --reference WB/1 --basis "s.19"',
    ),
    "extract": (
        "bulk:extract",
        "Read the messages out of every exhibit.",
        "witnessbox extract harbour --jobs 2",
    ),
    "settle": (
        "settle:settle",
        "List what is in doubt about exhibits, or settle it.",
        'witnessbox settle harbour WB/1 date-order day/month/year --reason "phone settings"',
    ),
    "reconcile": (
        "bulk:reconcile",
        "Lay the copies of each conversation over one another.",
        "witnessbox reconcile harbour",
    ),
    "decide": (
        "decide:app",
        "Settle what copies leave open: people, conversations, clocks, windows.",
        "witnessbox decide list harbour",
    ),
    "pictures": (
        "bulk:pictures",
        "Say which messages carry which files, and which pictures are one.",
        "witnessbox pictures harbour",
    ),
    "index": ("bulk:index", "Make the search index.", "witnessbox index harbour"),
    "transcribe": (
        "transcribe:transcribe",
        "Read text in pictures and voice notes by machine, and mark it so.",
        'witnessbox transcribe harbour --transcriber "whisper-cli -nt -f {file}"',
    ),
    "screen": (
        "bulk:screen",
        "Score messages and put them in reading order; no score decides anything.",
        "witnessbox screen harbour",
    ),
    "run": (
        "bulk:run",
        "Run all bulk steps that are due; what is done already is not done again.",
        "witnessbox run harbour",
    ),
    "status": (
        "status:status",
        "Say what came in, whether every byte is explained, and what is still due.",
        "witnessbox status harbour",
    ),
    "search": (
        "search:search",
        "Find messages, with their context and their bytes.",
        """witnessbox search harbour '"night shift" since:2017-01-01'""",
    ),
    "why": (
        "why:why",
        "Tell, step by step, why a message, person or discrepancy came out as it did.",
        "witnessbox why harbour 01965f0cb3ea",
    ),
    "review": (
        "review:app",
        "Batches of messages out, codings in.",
        "witnessbox review code harbour codings.jsonl",
    ),
    "case": (
        "case:app",
        "Investigations, subjects, allegations, outcomes, recommendations.",
        "witnessbox case load harbour cases.toml",
    ),
    "publish": (
        "publish:publish",
        "Write the report as HTML and PDF, and its bundle.",
        "witnessbox publish harbour",
    ),
    "serve": ("serve:serve", "Open the workbench in a browser.", "witnessbox serve harbour"),
    "export": (
        "export:export",
        "Write a whole table as JSON lines, CSV or Parquet, or all conversations as RSMF.",
        "witnessbox export harbour canonical_messages --to csv --output messages.csv",
    ),
    "validate": (
        "validate:validate",
        "Read known data in every format, and sign what came of it.",
        "witnessbox validate --output validation.md",
    ),
    "verify": (
        "verify:verify",
        "Check vault, ledger, tables and citations, or a bundle.",
        "witnessbox verify harbour",
    ),
}
"""Each command's name, where it is, what it does and an example; loaded only when called."""


def build() -> App:
    """Put the commands together."""
    app = App(
        name="witnessbox",
        help="From a pile of seized group-chat exports to a published report.",
        version=__version__,
        help_format="plaintext",
        error_console=Console(stderr=True, highlight=False),
        suppress_keyboard_interrupt=False,
    )
    for name, (place, about, example) in COMMANDS.items():
        app.command(f"witnessbox.cli.{place}", name=name, help=f"{about}\n\nExample: {example}")
    return app


def run(words: Sequence[str]) -> int:
    """Run one command line and give its exit code."""
    try:
        code = build()(list(words), exit_on_error=False, result_action="return_value")
    except CycloptsError:
        return WRONG_USE
    except WitnessboxError as error:
        print(f"witnessbox: {error}", file=sys.stderr)  # noqa: T201 - the one place that says it
        return REFUSED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has left: nothing more to say
        return DONE
    except KeyboardInterrupt:
        print(  # noqa: T201 - the one place that says it
            "\nwitnessbox: interrupted; what was finished is kept, run again to go on",
            file=sys.stderr,
        )
        return INTERRUPTED
    return code if isinstance(code, int) else DONE
