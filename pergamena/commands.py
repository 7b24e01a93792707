"""What the smaller commands do: keys, universities, accreditations, one credential in a file."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import issuer.settings
import registry.app
from issuer import institutions
from issuer.accreditation import identity
from issuer.lists import StatusLists
from issuer.tenancy.access import Scope
from issuer.tenancy.offices import Offices
from keys import keyring_files, strict_json, x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from pergamena import key_files
from pergamena.key_files import Authority
from registry import accrediting
from registry.accrediting import Change
from service import migration
from service.database import Database
from service.errors import BadRequest
from trust import verification
from trust.grounds import Grounds
from trust.policy import Policy
from trust.report import LADDER, Report, Rung, Verdict
from trust.x509_anchors import IssuerAnchors


def make_authority_key(arguments: argparse.Namespace) -> int:
    """Makes an authority in a folder."""
    passphrase = _passphrase(arguments.passphrase_file)
    Authority.create(arguments.folder, name=arguments.name, passphrase=passphrase, now=_now())
    print(f"Made. Others pin {arguments.folder / key_files.CERTIFICATE}; its key stays here, encrypted.")
    return 0


def make_service_key(arguments: argparse.Namespace) -> int:
    """Makes a service's keyring, certified by an authority of one's own."""
    passphrase = _passphrase(arguments.passphrase_file)
    authority = Authority.load(arguments.authority, passphrase=passphrase)
    kid = key_files.create_certified(
        arguments.folder, by=authority, subject=arguments.subject, uri=arguments.uri, dns=tuple(arguments.dns),
        passphrase=passphrase, now=_now(),
    )  # fmt: skip
    print(f"Made key {kid} in {arguments.folder}.")
    return 0


def make_seal_key(arguments: argparse.Namespace) -> int:
    """Makes the keyring that an institution seals documents with."""
    passphrase = _passphrase(arguments.passphrase_file)
    authority = Authority.load(arguments.authority, passphrase=passphrase)
    kid = key_files.create_seal(
        arguments.folder, by=authority, organisation=arguments.organisation, identifier=arguments.identifier,
        country=arguments.country, passphrase=passphrase, now=_now(),
    )  # fmt: skip
    print(f"Made key {kid} in {arguments.folder}. For development: it is not a qualified seal.")
    return 0


def make_registry_key(arguments: argparse.Namespace) -> int:
    """Makes a registry's keyring and writes down the public key that verifiers and wallets pin."""
    passphrase = _passphrase(arguments.passphrase_file)
    kid = key_files.create_plain(arguments.folder, passphrase=passphrase)
    key_files.publish(arguments.folder, into=arguments.publish, passphrase=passphrase)
    print(f"Made key {kid} in {arguments.folder}. Others pin {arguments.publish}.")
    return 0


def add_university(arguments: argparse.Namespace) -> int:
    """Adds a university with a key certified for `{ISSUER_BASE_URL}/{slug}`."""
    return asyncio.run(_add_university(arguments))


def add_api_key(arguments: argparse.Namespace) -> int:
    """Makes an API key and prints it, this once."""
    return asyncio.run(_add_api_key(arguments))


def give_did(arguments: argparse.Namespace) -> int:
    """Makes the key of a university's did:ebsi and prints the public half, or writes down the DID that it got."""
    settings = issuer.settings.IssuerSettings.parse(os.environ).base
    folder = settings.keys / arguments.slug / identity.FOLDER
    if not keyring_files.exists(folder):
        key_files.create_plain(folder, passphrase=settings.key_passphrase or "")
    if arguments.did is not None:
        identity.save(folder, did=arguments.did)
        print(f"{arguments.slug} attests as {arguments.did}.")
        return 0
    active = keyring_files.load(folder, passphrase=settings.key_passphrase or "").active
    print(json.dumps(active.signer.public.to_json()))
    print("Hand this key to the registry: it gives the DID.", file=sys.stderr)
    return 0


def begin_lists_anew(arguments: argparse.Namespace) -> int:
    """Closes every status list of a university and begins a fresh one: no place given since a backup is given again."""
    return asyncio.run(_begin_lists_anew(arguments))


def accredit(arguments: argparse.Namespace) -> int:
    """Enters changes into the registry."""
    return asyncio.run(_accredit(arguments))


def verify(arguments: argparse.Namespace) -> int:
    """Checks one credential offline: everything but its status, which needs the network, and says so."""
    report = asyncio.run(_report(arguments.file.read_text("utf-8").strip(), anchors=arguments.anchors))
    if arguments.json:
        print(json.dumps(report.to_json(), indent=2))
    else:
        for finding in report.findings:
            print(f"{finding.outcome.value:<13} {finding.rung.value:<10} {finding.message}")
        print(f"\n{_ANSWERS[report.verdict]}")
    return 0 if report.accepted else 1


async def _add_university(arguments: argparse.Namespace) -> int:
    settings = issuer.settings.IssuerSettings.parse(os.environ).base
    body = _json(arguments.file)
    if not isinstance(body, dict):
        raise BadRequest("The file of a university holds a JSON object.")
    authority = Authority.load(arguments.authority, passphrase=_passphrase(arguments.authority_passphrase_file))
    key = PrivateJwk.generate(Algorithm.ES256)
    uri = f"{settings.base_url}/{arguments.slug}"
    chain = authority.certify(key, subject=arguments.slug, uri=uri, dns=(settings.host_name,), now=_now())
    async with _opened(settings.database_url, service="issuer") as database:
        await institutions.create(database, settings, slug=arguments.slug, body=body, key=key, chain=chain, now=_now())
    print(f"{arguments.slug} issues as {uri}.")
    return 0


async def _add_api_key(arguments: argparse.Namespace) -> int:
    settings = issuer.settings.IssuerSettings.parse(os.environ).base
    try:
        scopes = tuple(Scope(name) for name in arguments.scope) if arguments.scope else tuple(Scope)
    except ValueError as error:
        raise BadRequest(f"A scope is one of: {', '.join(Scope)}.") from error
    async with _opened(settings.database_url, service="issuer") as database:
        made = await institutions.create_key(
            database, institution=arguments.slug, scopes=scopes, label=arguments.label, now=_now()
        )
    print(made.text)
    print("Keep it: it is shown this once.", file=sys.stderr)
    return 0


async def _begin_lists_anew(arguments: argparse.Namespace) -> int:
    settings = issuer.settings.IssuerSettings.parse(os.environ)
    async with _opened(settings.base.database_url, service="issuer") as database:
        offices = Offices(settings.base, database=database, now=_now)
        await offices.of(arguments.slug)  # raises UnknownInstitution
        lists = StatusLists(database, offices=offices, now=_now, size=settings.list_size)
        begun = await lists.begin_anew(arguments.slug)
    print(f"{arguments.slug} gives new places in list {begun.id} alone. Earlier lists go on being published.")
    print("An issuer that was running meanwhile must be started again.", file=sys.stderr)
    return 0


async def _accredit(arguments: argparse.Namespace) -> int:
    settings = registry.app.Settings.parse(os.environ).base
    raw = _json(arguments.file)
    changes = [Change.parse(item) for item in (raw if isinstance(raw, list) else [raw])]
    async with _opened(settings.database_url, service="registry") as database:
        for change in changes:
            root = settings.base_url
            entry = partial(accrediting.enter, change=change, author=arguments.author, root=root, now=_now())
            revision = await database.write(entry)
            print(f"{revision.sequence}: {revision.kind.value} {revision.subject}")
    return 0


_ANSWERS = {
    Verdict.YES: "Genuine, and valid as far as can be told without the network.",
    Verdict.NO: "Do not rely on this.",
    Verdict.NOT_SURE: "Not everything could be checked: do not rely on it yet.",
}


async def _report(raw: str, *, anchors: Path) -> Report:
    """The report on the credential alone: no presentation is asked for here, so no holder is proved."""
    policy = Policy(required=frozenset(LADDER) - {Rung.HOLDER, Rung.STATUS})
    grounds = Grounds(anchors=IssuerAnchors(anchors=x509.load_anchors(anchors)))
    return await verification.verify(raw, policy=policy, grounds=grounds, now=_now())


@asynccontextmanager
async def _opened(url: str, *, service: str) -> AsyncIterator[Database]:
    """The service's database, at its newest revision."""
    database = Database.open(url)
    try:
        await migration.upgrade(database, service=service)
        yield database
    finally:
        await database.close()


def _json(file: Path) -> Any:
    try:
        return strict_json.parse(file.read_bytes())
    except OSError as error:
        raise BadRequest(f"The file {file} cannot be read.") from error


def _passphrase(file: Path) -> str:
    try:
        text = file.read_text("utf-8").strip()
    except OSError as error:
        raise BadRequest(f"The passphrase file {file} cannot be read.") from error
    if not text:
        raise BadRequest(f"The passphrase file {file} is empty.")
    return text


def _now() -> datetime:
    return datetime.now(UTC)
