"""The four services by name: which application, on which port, told by which environment."""

import argparse
import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from aiohttp import web

import issuer.app
import issuer.settings
import registry.app
import verifier.app
import verifier.settings
import wallet.app
from service import app as shell
from service.settings import Settings

PORTS: Mapping[str, int] = {"issuer": 8001, "wallet": 8002, "verifier": 8003, "registry": 8004}


class Told(Protocol):
    """The settings of any of the four."""

    @property
    def base(self) -> Settings:
        """What every service is told."""


def settings_of(name: str, values: Mapping[str, str]) -> Told:
    """The settings of the service `name`; raises InvalidSettings naming every problem."""
    return _SETTINGS[name](values)


def create(name: str, values: Mapping[str, str]) -> web.Application:
    """The application of the service `name`; raises InvalidSettings naming every problem."""
    return _CREATE[name](values)


def from_environment(name: str) -> web.Application:
    """The application that the environment of this process describes."""
    return create(name, os.environ)


def work_from_environment() -> web.Application:
    """The issuer of this environment as one that works on cohorts, whatever its RUN_JOBS says."""
    return create("issuer", {**os.environ, "ISSUER_RUN_JOBS": "true"})


def serve(arguments: argparse.Namespace) -> int:
    """Serves until told to stop, and gives the exit code."""
    name = arguments.service
    base = settings_of(name, os.environ).base
    if getattr(arguments, "jobs_only", False):
        return shell.run(work_from_environment, host=base.host, port=None, workers=arguments.workers)
    return shell.run(partial(from_environment, name), host=base.host, port=base.port, workers=arguments.workers)


_SETTINGS: Mapping[str, Callable[[Mapping[str, str]], Told]] = {
    "issuer": issuer.settings.IssuerSettings.parse,
    "wallet": wallet.app.Settings.parse,
    "verifier": verifier.settings.Settings.parse,
    "registry": registry.app.Settings.parse,
}
_CREATE: Mapping[str, Callable[[Mapping[str, str]], web.Application]] = {
    "issuer": lambda values: issuer.app.build(issuer.settings.IssuerSettings.parse(values)),
    "wallet": lambda values: wallet.app.build(wallet.app.Settings.parse(values)),
    "verifier": lambda values: verifier.app.build(verifier.settings.Settings.parse(values)),
    "registry": lambda values: registry.app.build(registry.app.Settings.parse(values)),
}
