"""`pergamena award`: sends a cohort to an issuer, shows how far it is, and brings back what became of each row.

It speaks the issuer's own API (docs/api.md) from anywhere that reaches it. The same file sent twice with the same terms
is one batch: the Idempotency-Key is made from both. Exit codes: 0 everybody was awarded, 1 some rows were not, 2 the
file, the key or the address cannot be used.
"""

import argparse
import hashlib
import http.client
import json
import shutil
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from yarl import URL

from service.errors import BadRequest, Upstream
from service.settings import LOOPBACK_HOSTS

WHERE = "/api/v1/award-batches"
KINDS: Mapping[str, str] = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/x-ndjson",
}
SWITCHES = ("pin", "partial", "dry_run", "allow_again")
CHUNK = 1 << 16
SECONDS = 330
LOOK_SECONDS = 0.5
TRIES = 20
SHOWN = 50
SHORT = 400
DONE, NOT_ALL = 0, 1
REFUSED_ROWS = 422
ENDED = frozenset({"completed", "cancelled", "failed", "checked", "rejected"})
ANSWERS: Mapping[str, str] = {
    "completed": "{made} of {rows} awarded.",
    "cancelled": "Cancelled: {made} of {rows} awarded.",
    "failed": "Failed: {made} of {rows} awarded. {failure}",
    "checked": "{good} of {rows} rows can be awarded; nothing was, as asked.",
    "rejected": "Nothing was awarded: {problem_count} problems.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """The issuer's API, as this command reaches it."""

    url: URL
    key: str

    @classmethod
    def of(cls, url: str, *, key_file: Path) -> "Counter":
        """The API at an address, with the key in a file; raises BadRequest."""
        try:
            address, key = URL(url), key_file.read_text("utf-8").strip()
        except ValueError as error:
            raise BadRequest("The address is not a URL.") from error
        except OSError as error:
            raise BadRequest(f"The key file {key_file} cannot be read.") from error
        plain = address.scheme == "http" and address.host in LOOPBACK_HOSTS
        if not address.host or not (address.scheme == "https" or plain):
            raise BadRequest("The address of the issuer begins with https://, or with http:// on this computer.")
        if not key.isascii() or not key.isprintable() or not key:
            raise BadRequest(f"The key file {key_file} does not hold an API key.")
        return cls(url=address, key=key)

    @contextmanager
    def ask(
        self, method: str, path: str, *, body: Iterator[bytes] | None = None, headers: Mapping[str, str] | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        """The answer, whose body is to be read in the block; raises Upstream where it does not come whole."""
        host, port = str(self.url.host), self.url.port
        line = (
            http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
            if self.url.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=SECONDS)
        )
        told = {"Authorization": f"Bearer {self.key}", "Accept": "application/json", **(headers or {})}
        try:
            with closing(line):
                with suppress(BrokenPipeError, ConnectionResetError):  # a refusal may come before all is sent
                    line.request(method, self.url.path.rstrip("/") + path, body=body, headers=told)
                yield line.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise Upstream(f"{host} does not answer.") from error

    def json(self, method: str, path: str, **more: Any) -> tuple[int, dict[str, Any]]:
        """The status and the JSON object that is answered; raises BadRequest for a refusal that concerns no rows."""
        with self.ask(method, path, **more) as answer:
            status, body = answer.status, answer.read()
        try:
            told = json.loads(body)
        except ValueError as error:
            raise Upstream(f"{self.url.host} does not answer as an issuer does ({status}).") from error
        if status >= SHORT and not (status == REFUSED_ROWS and "batch" in told):
            problems = "".join(f"\n  {each['path']}: {each['message']}" for each in told.get("problems", ()))
            raise BadRequest(f"{told.get('detail', 'The issuer refuses this.')}{problems}")
        return status, told

    def save(self, path: str, *, to: Path) -> None:
        """Saves what is answered as a file, whole or not at all."""
        unfinished = to.with_name(f".{to.name}.part")
        try:
            with self.ask("GET", path) as answer, unfinished.open("wb") as file:
                if answer.status >= SHORT:
                    raise Upstream(f"The issuer does not hand out {path.rpartition('/')[2]} ({answer.status}).")
                shutil.copyfileobj(answer, file)
            unfinished.replace(to)
        finally:
            unfinished.unlink(missing_ok=True)


def award(arguments: argparse.Namespace) -> int:
    """Sends the cohort, waits until it is awarded, and saves its results."""
    counter = Counter.of(arguments.url, key_file=arguments.key_file)
    screen = Console(stderr=True)
    file: Path = arguments.file
    if file.suffix.lower() not in KINDS or not file.is_file():
        raise BadRequest(f"{file} is no file of one of these kinds: {', '.join(KINDS)}.")
    with _progress(screen) as progress:
        batch = _send(counter, file=file, arguments=arguments, progress=progress)
        if batch["state"] not in ENDED:
            batch = _wait(counter, batch=batch, progress=progress)
    _tell(batch, screen=screen)
    _fetch(counter, batch=batch, arguments=arguments, screen=screen)
    held = batch["state"] in {"completed", "checked"} and not batch["problem_count"]
    return DONE if held else NOT_ALL


def _progress(screen: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=screen
    )


def _send(counter: Counter, *, file: Path, arguments: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Sends the file and gives the batch, with the first problems in it."""
    size = file.stat().st_size
    terms = _terms(arguments)
    key = arguments.idempotency_key or _key(file, terms=terms)
    task = progress.add_task("sending (KiB)", total=max(1, size >> 10))
    headers = {"Content-Type": KINDS[file.suffix.lower()], "Content-Length": str(size), "Idempotency-Key": key}
    body = _read(file, then=lambda sent: progress.update(task, completed=sent >> 10))
    path = str(URL(WHERE).with_query(terms))
    status, told = counter.json("POST", path, body=body, headers=headers)
    progress.update(task, completed=max(1, size >> 10))
    return {**told["batch"], "problems": told["problems"]} if status == REFUSED_ROWS else told


def _wait(counter: Counter, *, batch: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """The batch when it has ended; an issuer that is away for a while is waited for."""
    task = progress.add_task("awarding", total=batch["good"], completed=batch["made"])
    missed = 0
    while True:
        try:
            _, now = counter.json("GET", f"{WHERE}/{batch['id']}")
        except Upstream:
            missed += 1
            if missed > TRIES:
                raise
        else:
            missed = 0
            progress.update(task, completed=now["made"])
            if now["state"] in ENDED:
                return now
        time.sleep(LOOK_SECONDS)


def _tell(batch: Mapping[str, Any], *, screen: Console) -> None:
    problems = batch.get("problems", [])
    if problems:
        table = Table("row", "column", "problem", title=f"{batch['problem_count']} problems")
        for problem in problems[:SHOWN]:
            table.add_row(str(problem["row"]), problem["column"], problem["message"])
        screen.print(table)
        if batch["problem_count"] > SHOWN:
            screen.print(f"… and {batch['problem_count'] - SHOWN} more.")
    screen.print(ANSWERS[batch["state"]].format(**batch), markup=False)


def _fetch(counter: Counter, *, batch: Mapping[str, Any], arguments: argparse.Namespace, screen: Console) -> None:
    """Saves the results, and all problems where there are some."""
    stem = arguments.file.with_suffix("")
    wanted: list[tuple[str, Path]] = []
    if batch["made"]:
        wanted.append(("results.csv", arguments.results or stem.with_name(f"{stem.name}.results.csv")))
    if batch["made"] and batch["pin"]:
        wanted.append(("pins.csv", stem.with_name(f"{stem.name}.pins.csv")))
    if batch["problem_count"]:
        wanted.append(("problems.csv", stem.with_name(f"{stem.name}.problems.csv")))
    for name, to in wanted:
        counter.save(f"{WHERE}/{batch['id']}/{name}", to=to)
        screen.print(f"Written: {to}", markup=False, soft_wrap=True)


def _terms(arguments: argparse.Namespace) -> dict[str, str]:
    told = {"course": arguments.course, "award_date": arguments.award_date, "release_at": arguments.release_at}
    switched = {name: "true" for name in SWITCHES if getattr(arguments, name)}
    return {name: value for name, value in told.items() if value} | switched


def _key(file: Path, *, terms: Mapping[str, str]) -> str:
    digest = hashlib.sha256(json.dumps(terms, sort_keys=True).encode())
    with file.open("rb") as content:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
    return f"cohort-{digest.hexdigest()}"


def _read(file: Path, *, then: Callable[[int], object]) -> Iterator[bytes]:
    sent = 0
    with file.open("rb") as content:
        while chunk := content.read(CHUNK):
            yield chunk
            sent += len(chunk)
            then(sent)
