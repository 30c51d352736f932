"""A second process at the same database: says a line when it is ready, then acts on each line it reads.

`take URL CALL` takes turn 0 and keeps it; `spend URL FILE` makes 4 threads try a PIN; `migrate` migrates the
database named on each line.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from bridge.store.calls import Calls
from bridge.store.claim import OpenTurn
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.pin_attempts import PinAttempt, PinAttempts, PinLimits

NOW = datetime(2026, 3, 29, 1, tzinfo=UTC)
SEAL = Sealer(["a secret of the tests"])


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def take(url: str, call: str) -> None:
    calls = Calls(Database(url), SEAL)
    found = calls.read(call, 0, NOW)
    if isinstance(found, OpenTurn):
        calls.claim(found, NOW)
        say("claimed")
    sys.stdin.readline()


def count_attempt(url: str, file: str) -> None:
    tries = PinAttempts(
        Database(url), SEAL, PinLimits(file_day=50, file_life=50, office_hour=500, office_day=500)
    )

    def leaves(_: int) -> int:
        asked = [tries.count_attempts("gent", [file], caller=None, named=True, now=NOW)[0] for _ in range(10)]
        return sum(isinstance(one, PinAttempt) for one in asked)

    with ThreadPoolExecutor(4) as threads:
        say("ready")
        sys.stdin.readline()
        say(sum(threads.map(leaves, range(4))))


def migrate_each() -> None:
    from bridge.store.migrate import migrate  # noqa: PLC0415 - half of all a worker imports, and most need none

    say("ready")
    for line in sys.stdin:
        say(migrate(line.strip()))


if __name__ == "__main__":
    {"take": take, "spend": count_attempt, "migrate": migrate_each}[sys.argv[1]](*sys.argv[2:])
