"""The bridge as real processes: how fast it starts, what it costs at rest, how long a citizen waits."""

import tempfile
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from benchmarks.figures import Figure, Result, spread
from benchmarks.ground import cpu_of, memory_of, texts
from tests.journey.whole import Whole, running, until

PORT = 18_500
REST_SECONDS = 20.0
POSTS = 30
WAITED = """
SELECT said.written_at, reply.sent_at, delivery.sent_at
FROM message said
JOIN ticket_message ON ticket_message.message_id = said.id
JOIN delivery ON delivery.ticket_id = ticket_message.ticket_id
JOIN sent_reply reply ON reply.message_id = said.id
WHERE delivery.reason = 'routed' AND delivery.sent_at IS NOT NULL AND reply.sent_at IS NOT NULL
"""
WORKERS_ARE_READY = """
SELECT 1 FROM city_account, chore WHERE polled_at IS NOT NULL AND chore.due_at > datetime('now', '+1 hour')
"""


def measure(times: int) -> Iterable[Figure]:
    """Start several times; at the last start let it rest, then write on the square."""
    rounds: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        for number in range(times):
            began = time.perf_counter()
            with running(Path(scratch) / f"var{number}", port=PORT) as whole:
                found = {("start to the printed addresses", "s"): time.perf_counter() - began}
                until(lambda whole=whole: whole.rows(WORKERS_ARE_READY), 120)  # type: ignore[misc]
                found["start to workers that work", "s"] = time.perf_counter() - began
                found |= at_rest(whole)
                if number == times - 1:
                    yield from _figures([answered(whole)])
            rounds.append(found)
    yield from _figures(rounds)


def at_rest(whole: Whole) -> Result:
    """CPU share and memory of each process, with those below it, when nobody has written for a while."""
    time.sleep(REST_SECONDS)
    processes = {"supervisor": whole.process.pid} | whole.children()
    own = {name: pid for name, pid in processes.items() if name != "supervisor"}
    before, began = {name: cpu_of(pid) for name, pid in processes.items()}, time.monotonic()
    time.sleep(REST_SECONDS)
    lasted = time.monotonic() - began
    used = {name: (cpu_of(pid) - before[name]) / lasted * 100 for name, pid in processes.items()}
    held = {name: memory_of(pid) for name, pid in processes.items()}
    used["all"], held["all"] = used["supervisor"], held["supervisor"]
    # A process is counted with those below it, which is everything for the one that started them all.
    used["supervisor"] -= sum(used[name] for name in own)
    held["supervisor"] -= sum(held[name] for name in own)
    return {(f"CPU at rest: {name}", "%"): value for name, value in used.items()} | {
        (f"memory at rest: {name}", "MB (PSS)"): value for name, value in held.items()
    }


def answered(whole: Whole) -> Result:
    """How long single mentions wait for their answer, and their departments for the mail."""
    for number, text in enumerate(texts(2 * POSTS)[1::2]):
        post = whole.write(f"melder{number}", text)
        until(lambda post=post: whole.answers(post["id"]), 120)  # type: ignore[misc]
    until(lambda: len(whole.rows(WAITED)) >= 0.8 * POSTS, 120)
    rows = [[datetime.fromisoformat(str(moment)) for moment in row] for row in whole.rows(WAITED)]
    replies = [(reply - said).total_seconds() for said, reply, _ in rows]
    mails = [(mail - said).total_seconds() for said, _, mail in rows]
    return spread(f"mention to answer, {len(rows)} posts", replies, "s") | spread(
        "mention to mail, 10 s of them the wait for a second message", mails, "s"
    )


def _figures(rounds: list[Result]) -> Iterable[Figure]:
    return [Figure(name, unit, tuple(each[name, unit] for each in rounds)) for name, unit in rounds[0]]
