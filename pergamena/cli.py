"""The command line: `pergamena demo | journey | issuer | wallet | verifier | registry | keys | institution | ...`.

Exit codes: 0 done, 1 something did not hold, 2 the command or its settings cannot be used. Errors are sentences.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from importlib import import_module
from pathlib import Path

from keys.errors import KeysError
from service.errors import ServiceError
from service.settings import InvalidSettings

REFUSED = 2
MOST_WORKERS = 64
SERVICES = ("issuer", "wallet", "verifier", "registry")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    arguments = parser().parse_args(argv)
    try:
        return _run(arguments)
    except (InvalidSettings, KeysError, ServiceError) as error:
        print(f"pergamena: {error}", file=sys.stderr)
        for problem in getattr(error, "problems", ()):
            print(f"  {problem.path}: {problem.message}", file=sys.stderr)
        return REFUSED


def _run(arguments: argparse.Namespace) -> int:
    """Loads the module of the command only now: most commands need no web service."""
    module, _, function = arguments.run.partition(".")
    return int(getattr(import_module(f"pergamena.{module}"), function)(arguments))


def parser() -> argparse.ArgumentParser:
    """Reads the command line."""
    made = argparse.ArgumentParser(prog="pergamena", description="European micro-credentials: award, hold, check.")
    commands = made.add_subparsers(required=True, metavar="command")
    _add_demo(commands)
    for name in SERVICES:
        command = commands.add_parser(name, help=f"serve the {name}, as the environment {name.upper()}_… says")
        command.add_argument("--workers", type=_workers, default=1, help="processes that share the port")
        if name == "issuer":
            command.add_argument("--jobs-only", action="store_true", help="award cohorts and tell webhooks; no port")
        command.set_defaults(run="services.serve", service=name)
    _add_keys(commands)
    _add_award(commands)
    _add_institution(commands)
    _add_lists(commands)
    _add_registry_changes(commands)
    _add_verify(commands)
    _add_quality(commands)
    return made


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST_WORKERS):
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST_WORKERS}")
    return int(text)


def _add_demo(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = commands.add_parser("demo", help="run everything on this computer, with a start page")
    demo.add_argument("--folder", type=Path, default=Path("var/demo"), help="where everything is kept")
    demo.add_argument("--reset", action="store_true", help="begin anew: forget what was awarded, held and asked")
    demo.set_defaults(run="demo.start")
    journey = commands.add_parser("journey", help="walk the whole road without a browser; 0 only if every step held")
    journey.add_argument("--folder", type=Path, default=Path("var/journey"), help="a scratch folder, removed first")
    journey.set_defaults(run="journey.start")


def _add_quality(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    quality = commands.add_parser("quality", help="look through DEQAR's files; 0 only if every row can be used")
    quality.add_argument("folder", type=Path, help="where deqar-institutions.csv and the others lie")
    quality.add_argument("--as-of", type=date.fromisoformat, required=True, help="the day of the files")
    quality.set_defaults(run="quality_data.check")


def _add_keys(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    keys = commands.add_parser("keys", help="make keys and certificates").add_subparsers(required=True, metavar="what")
    authority = keys.add_parser("authority", help="an authority of your own, to certify services with")
    authority.add_argument("folder", type=Path)
    authority.add_argument("--name", required=True)
    service = keys.add_parser("service", help="a service's signing key, certified by your authority")
    service.add_argument("folder", type=Path, help="the folder that the service's KEYS setting names")
    service.add_argument("--authority", type=Path, required=True)
    service.add_argument("--subject", required=True, help="the name in the certificate")
    service.add_argument("--uri", help="the issuer identifier, for issuers")
    service.add_argument("--dns", action="append", default=[], help="a host name, for verifiers; may be repeated")
    seal = keys.add_parser("seal", help="a university's key that seals documents, for development")
    seal.add_argument("folder", type=Path, help="the folder seal in the university's own below ISSUER_KEYS")
    seal.add_argument("--authority", type=Path, required=True)
    seal.add_argument("--organisation", required=True, help="its legal name, as courses name the awarding body")
    seal.add_argument("--identifier", required=True, help="as in VATIT-00000000000 (ETSI EN 319 412-1)")
    seal.add_argument("--country", required=True, help="two letters")
    plain = keys.add_parser("registry", help="a registry's signing key, which others pin")
    plain.add_argument("folder", type=Path)
    plain.add_argument("--publish", type=Path, required=True, help="where to write its public key (a JWK Set)")
    for command, name in ((authority, "authority"), (service, "service"), (seal, "seal"), (plain, "registry")):
        command.add_argument("--passphrase-file", type=Path, required=True)
        command.set_defaults(run=f"commands.make_{name}_key")


def _add_award(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    award = commands.add_parser("award", help="award a cohort: send a spreadsheet to an issuer and fetch the results")
    award.add_argument("file", type=Path, help="learners, one a row: .csv, .xlsx or .jsonl")
    award.add_argument("--url", required=True, help="the address of the issuer")
    award.add_argument("--key-file", type=Path, required=True, help="a file that holds the API key")
    award.add_argument("--course", required=True, help="the short name of the course")
    award.add_argument("--award-date", help="for rows that have none, YYYY-MM-DD")
    award.add_argument("--release-at", help="claimed from then on: a moment with its zone")
    award.add_argument("--pin", action="store_true", help="a PIN guards each claim; they come in a file of their own")
    award.add_argument(
        "--partial", action="store_true", help="award the rows without problems, though others have some"
    )
    award.add_argument("--dry-run", action="store_true", help="check the file and award nothing")
    award.add_argument("--allow-again", action="store_true", help="award also to learners who have this award")
    award.add_argument("--idempotency-key", help="another than the one made from file and terms")
    award.add_argument("--results", type=Path, help="where to write what became of each row (beside the file)")
    award.set_defaults(run="awarding.award")


def _add_institution(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    institution = commands.add_parser("institution", help="set up universities (as the environment ISSUER_… says)")
    what = institution.add_subparsers(required=True, metavar="what")
    add = what.add_parser("add", help="a university: its facts, its key and certificate")
    add.add_argument("slug", help="its short name in addresses")
    add.add_argument("file", type=Path, help="its facts, as an awarding body of a course is described (JSON)")
    add.add_argument("--authority", type=Path, required=True, help="the authority that certifies its key")
    add.add_argument("--authority-passphrase-file", type=Path, required=True)
    add.set_defaults(run="commands.add_university")
    key = what.add_parser("key", help="an API key, shown once")
    key.add_argument("slug")
    key.add_argument("--label", default="command line")
    key.add_argument("--scope", action="append", help="may be repeated; all of them if none is named")
    key.set_defaults(run="commands.add_api_key")
    did = what.add_parser("did", help="the key of its did:ebsi, for a registry of accreditations")
    did.add_argument("slug")
    did.add_argument("--did", help="the DID that the registry gave for that key")
    did.set_defaults(run="commands.give_did")


def _add_lists(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    lists = commands.add_parser("issuer-lists", help="a university's status lists (as the environment ISSUER_… says)")
    what = lists.add_subparsers(required=True, metavar="what")
    anew = what.add_parser("anew", help="after a restore: close every list and begin a fresh one, the issuer stopped")
    anew.add_argument("slug")
    anew.set_defaults(run="commands.begin_lists_anew")


def _add_registry_changes(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    change = commands.add_parser("accredit", help="enter a change into the registry (as REGISTRY_… says)")
    change.add_argument("file", type=Path, help="one change or a list of them: {kind, subject, body} (JSON)")
    change.add_argument("--author", required=True, help="who enters it")
    change.set_defaults(run="commands.accredit")


def _add_verify(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verify = commands.add_parser("verify", help="check a credential in a file against certificates you trust")
    verify.add_argument("file", type=Path)
    verify.add_argument("--anchors", type=Path, required=True, help="a folder of trusted certificates (PEM)")
    verify.add_argument("--json", action="store_true", help="the whole report as JSON")
    verify.set_defaults(run="commands.verify")
