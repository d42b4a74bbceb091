"""The reference server: seeding 2,400 comments until it is ready, and one decision sent to it."""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from moderator_app.backends.connect import connect
from moderator_app.backends.native_log import write_decision
from moderator_app.model import Comment, Decision
from tests.doubles import make_decision
from tests.measure.measuring import QUICK_ROUNDS, Figure, command, figure, in_turns, milliseconds
from tests.measure.rows import WORDS
from tests.server.running import RunningServer

COMMENTS, ARTICLES, STARTS = 2_400, 12, 5
ROUNDS, DECISIONS = 11, 20
# The floor of a start: a process that imports what the server stands on and puts the same texts into SQLite.
FLOOR = """
import json, sqlite3, sys
import fastapi, pydantic, sqlalchemy, uvicorn
database = sqlite3.connect(sys.argv[2])
database.execute("create table comments(id text primary key, text text)")
with open(sys.argv[1], encoding="utf-8") as file:
    rows = [(each["key"], each["content"]) for each in json.load(file)["comments"]]
with database:
    database.executemany("insert into comments values (?, ?)", rows)
print("ready", flush=True)
"""


def measure(is_quick: bool) -> list[Figure]:
    """The start in seconds, and one decision over a kept connection in milliseconds."""
    comments, starts = (40, QUICK_ROUNDS) if is_quick else (COMMENTS, STARTS)
    with TemporaryDirectory() as name:
        folder = Path(name)
        seed = newsroom(comments)
        file = folder / "newsroom.json"
        file.write_text(json.dumps(seed), encoding="utf-8")
        fresh = iter(range(10_000))

        def product() -> float:
            return started(
                [
                    sys.executable,
                    "-m",
                    "moderator_app",
                    "serve",
                    "--data-dir",
                    str(folder / str(next(fresh))),
                    "--seed",
                    str(file),
                ],
                folder,
            )

        def floor() -> float:
            return started([sys.executable, "-c", FLOOR, str(file), str(folder / f"{next(fresh)}.sqlite")], folder)

        product(), floor()
        start = figure(f"serve --seed, {comments:,} comments", in_turns(starts, product, floor), unit="s", most=5)
        with RunningServer(f"sqlite:///{folder / 'server.sqlite'}", seed=seed) as server:
            return [start, sending(server, is_quick)]


def sending(server: RunningServer, is_quick: bool) -> Figure:
    """One decision through the product's backend, against http.client with the same body."""
    rounds, count = (QUICK_ROUNDS, 3) if is_quick else (ROUNDS, DECISIONS)
    token = server.token()
    _site, _service, backend = connect(server.url, token=token)
    waiting = iter(_pending(backend))
    bare = http.client.HTTPConnection("127.0.0.1", server.port)

    def send_bare(decision: Decision) -> None:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        bare.request("PUT", f"/v1/decisions/{decision.id}", json.dumps(write_decision(decision)), headers)
        answer = bare.getresponse()
        json.loads(answer.read())
        assert answer.status == 201

    for _warm in range(2):
        backend.decide(make_decision(next(waiting)))
        send_bare(make_decision(next(waiting)))
    found = in_turns(
        rounds, partial(_median, count, waiting, backend.decide), partial(_median, count, waiting, send_bare)
    )
    bare.close()
    backend.close()
    return figure("one decision sent, against http.client", found)


def newsroom(count: int) -> dict[str, Any]:
    """A newsroom in the seed form, with words of two scripts."""
    pick = random.Random(3)
    begin = datetime(2026, 3, 1, 8, tzinfo=UTC)

    def article(number: int) -> dict[str, str]:
        html = f"<p>{' '.join(pick.choices(WORDS, k=300))}</p>"
        return {
            "key": f"a{number}",
            "title": f"Article {number}",
            "date": begin.isoformat(),
            "lang": "en",
            "html": html,
        }

    def comment(number: int) -> dict[str, str]:
        return {
            "key": f"c{number}",
            "article": f"a{number % ARTICLES}",
            "lang": "en",
            "status": "hold",
            "content": " ".join(pick.choices(WORDS, k=50)),
            "author_name": f"Reader {number % 300}",
            "author_email": f"reader{number % 300}@news.example",
            "date": (begin + timedelta(seconds=number)).isoformat(),
        }

    return {"articles": list(map(article, range(ARTICLES))), "comments": list(map(comment, range(count)))}


def started(arguments: list[str], folder: Path) -> float:
    """Seconds until a process says in its first line that it is ready; then it is ended."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken = time.perf_counter() - began
        process.terminate()
    if not line:
        raise SystemExit("the server did not start")
    return taken


def _pending(backend: Any) -> Iterator[Comment]:
    cursor = None
    while True:
        page = backend.comments(cursor=cursor, limit=100)
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


def _median(count: int, waiting: Iterator[Comment], send: Callable[[Decision], object]) -> float:
    decisions = [make_decision(next(waiting)) for _ in range(count)]
    return median(milliseconds(partial(send, each)) for each in decisions)


if __name__ == "__main__":
    command(measure)
