"""The four services by name: which application, on which port, told by which environment."""

import argparse
import os
from collections.abc import Callable, Mapping
from functools import partial

from aiohttp import web

import issuer.app
import issuer.settings
import registry.app
import verifier.app
import wallet.app
from service import app as shell
from service.settings import Settings

PORTS: Mapping[str, int] = {"issuer": 8001, "wallet": 8002, "verifier": 8003, "registry": 8004}


def create(name: str, values: Mapping[str, str]) -> web.Application:
    """The application of the service `name`; raises InvalidSettings naming every problem."""
    return _CREATE[name](values)


def base_settings(name: str, values: Mapping[str, str]) -> Settings:
    """The settings that every service has, of the service `name`."""
    return Settings.parse(values, service=name, port=PORTS[name])


def from_environment(name: str) -> web.Application:
    """The application that the environment of this process describes."""
    return create(name, os.environ)


def serve(arguments: argparse.Namespace) -> int:
    """Serves until told to stop, and gives the exit code."""
    name, workers = arguments.service, arguments.workers
    settings = base_settings(name, os.environ)
    return shell.run(partial(from_environment, name), host=settings.host, port=settings.port, workers=workers)


_CREATE: Mapping[str, Callable[[Mapping[str, str]], web.Application]] = {
    "issuer": lambda values: issuer.app.build(issuer.settings.IssuerSettings.parse(values)),
    "wallet": lambda values: wallet.app.build(wallet.app.Settings.parse(values)),
    "verifier": lambda values: verifier.app.build(verifier.app.Settings.parse(values)),
    "registry": lambda values: registry.app.build(registry.app.Settings.parse(values)),
}
