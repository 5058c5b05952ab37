"""Random histories without end, or so many: `python -m tests.sync.long_run [COUNT] [SEED] [walks]`.

Prints how many are done, how fast, and what failed. Each batch has a seed of its own, so that a
failure is found again by itself: `python -m tests.sync.long_run 50 SEED`. With `walks` they are
those of plain chance (`walk`), one for each seed, and the shortest form of a failure is printed, to
be copied into a test. Of the others it is not looked for (that can take hours).
Ends with 1 when something failed.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

from app.store.secrets import FileSecrets
from app.store.store import Store
from tests.sync.test_histories import Histories, compile_once, histories, shortest, walk

BATCH = 25


def run(count: int, first: int, walks: bool) -> int:
    """So many histories, in batches with seeds from `first` on (of walks one for each seed)."""
    began, done, failed = time.monotonic(), 0, []
    with tempfile.TemporaryDirectory() as folder:
        Store(Path(folder) / "empty.db", FileSecrets(Path(folder))).close()
        seed = first
        while done < count:
            many = 1 if walks else min(BATCH, count - done)
            before = Histories.begun
            try:
                if walks:
                    walk(Path(folder) / "empty.db", seed)
                else:
                    histories(Path(folder) / "empty.db", many, seed)
            except Exception as error:
                failed.append(seed)
                traceback.print_exc()
                if walks:
                    print(*shortest(Path(folder) / "empty.db", seed, error), sep="\n", flush=True)
            done += 1 if walks else Histories.begun - before
            seed += 1
            if walks and seed % BATCH and done < count:
                continue
            took = time.monotonic() - began
            print(f"{done} histories in {took:.0f} s ({done / took:.1f} a second), "
                  f"{len(failed)} failed{': seeds ' + str(failed) if failed else ''}; "
                  f"next seed {seed}", flush=True)  # fmt: skip
    return 1 if failed else 0


if __name__ == "__main__":
    compile_once()
    numbers = [int(text) for text in sys.argv[1:] if text != "walks"]
    sys.exit(run(numbers[0] if numbers else 10_000,
                 numbers[1] if len(numbers) > 1 else random.randrange(10**6),
                 "walks" in sys.argv))  # fmt: skip
