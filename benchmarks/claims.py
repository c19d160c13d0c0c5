"""Sixteen processes that spend one budget of 50,000, six of which are killed and begin again.

    .venv/bin/python benchmarks/claims.py [URL] [AMOUNT]

AMOUNT is what each delivery claims, 50 if nothing is said: 1,000 are granted then. The store at URL is new; without
one it is a file that is thrown away. Ends with an error where the ledger was ever above the budget, or ends below it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from spending import spend

BUDGET = 50_000


def main() -> None:
    amount = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:{folder}/store.db"
        began = time.perf_counter()
        spent = spend(url, BUDGET, amount)
        took = time.perf_counter() - began
    print(f"{spent.total:,} of {BUDGET:,} spent, {spent.most:,} at the most, {spent.killed} of 16 killed")
    print(f"{spent.claims:,} claims in {took:.1f} s, {spent.claims / took:,.0f} a second")
    sys.exit(int((spent.most, spent.total, spent.killed) != (BUDGET, BUDGET, 6)))


if __name__ == "__main__":
    main()
