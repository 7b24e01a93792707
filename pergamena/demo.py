"""`pergamena demo`: the four services and a start page in one process, on localhost ports, over SQLite files."""

import argparse
import asyncio
import contextlib
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from pergamena import chain, seeding, services, start_page
from pergamena.world import START, UNIVERSITIES, World
from service import app as shell

HOST = "127.0.0.1"


class PortTakenError(Exception):
    """A port that the demo needs is in use; the message says which and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The services of a world while they run."""

    world: World
    apps: dict[str, web.Application]

    @property
    def api_key(self) -> str:
        """The key with which the systems of the first university would call."""
        return self.key_of(UNIVERSITIES[0])

    def key_of(self, university: str) -> str:
        """The key with which the systems of this university would call."""
        return str(json.loads(self.world.api_key_file.read_text("utf-8"))[university])


@asynccontextmanager
async def running(world: World, *, with_start_page: bool = True) -> AsyncIterator[Running]:
    """The world's services, filled and answering; they drain and end with the block. Raises PortTakenError."""
    names = [name for name in world.ports if name != START]
    _check_ports(world)
    await asyncio.to_thread(world.prepare, now=_now())
    async with contextlib.AsyncExitStack() as stack:
        apps: dict[str, web.Application] = {}
        for name in sorted(names, key=["registry", "issuer", "wallet", "verifier"].index):
            apps[name] = services.create(name, world.environment(name))
            await _serve(apps[name], port=world.ports[name], stack=stack)
            if name == "registry":  # the others pin the root of its chain
                await seeding.accredit(apps[name], world=world, now=_now())
        await seeding.enrol(apps["issuer"], world=world, now=_now())
        await chain.add_proxies(apps["registry"], issuing=apps["issuer"], world=world)
        await seeding.warm(apps["issuer"])
        made = Running(world=world, apps=apps)
        if with_start_page:
            await _serve(start_page.build(world, api_key=made.api_key), port=world.ports[START], stack=stack)
        yield made


def start(arguments: argparse.Namespace) -> int:
    """Serves the demo until Ctrl-C or SIGTERM, and gives the exit code."""
    world = World.at(arguments.folder)
    if arguments.reset:
        world.reset()
    try:
        return asyncio.run(run(world))
    except PortTakenError as error:
        print(f"pergamena: {error}", file=sys.stderr)
        return 2


async def run(world: World) -> int:
    """Serves the demo until Ctrl-C or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(world):
        print(_welcome(world), flush=True)
        await stop.wait()
        print("\nStopping; everything is kept for the next time.", flush=True)
    return 0


async def _serve(app: web.Application, *, port: int, stack: contextlib.AsyncExitStack) -> None:
    runner = await shell.start(app, host=HOST, port=port)
    stack.push_async_callback(runner.cleanup)


def _check_ports(world: World) -> None:
    for name, port in world.ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                raise PortTakenError(
                    f"Port {port} ({name}) is in use. Stop what uses it (perhaps another demo), then try again."
                ) from error


def _welcome(world: World) -> str:
    rows = [
        ("Start here", START, ""),
        ("University", "issuer", "/console"),
        ("Wallet", "wallet", ""),
        ("Employer", "verifier", ""),
        ("Registry", "registry", ""),
    ]
    lines = [f"  {label:<12} {world.address(name)}{path}" for label, name, path in rows if name in world.ports]
    return "\n".join(
        ["Pergamena runs. Open these pages:", "", *lines, "", f"Stop with Ctrl-C. To begin anew: {world.command_anew}"]
    )


def _now() -> datetime:
    return datetime.now(UTC)
