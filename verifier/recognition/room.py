"""Where dossiers are made: the tables they are weighed by, the press, and the evaluators who may sign an outcome."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from aiohttp import web

from service.paper.press import Press
from service.settings import Environment
from verifier.recognition.criteria import Table
from verifier.recognition.errors import InvalidCriteria
from verifier.recognition.frameworks import Frameworks
from verifier.recognition.record import Tables

EVALUATOR = re.compile(r"(?P<name>[^:]{1,80}):(?P<digest>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionSettings:
    """The operator's table of criteria, where there is one, the evaluators by the SHA-256 of their key, and fonts."""

    criteria: Table | None = None
    evaluators: Mapping[str, str]
    fonts: Path | None = None

    @classmethod
    def of(
        cls, environment: Environment, *, criteria: str | None, evaluators: Sequence[str], fonts: Path | None
    ) -> Self:
        """The settings that these values of CRITERIA, EVALUATORS and FONTS make; problems stay with `environment`."""
        return cls(
            criteria=_criteria(environment, named=criteria), evaluators=_evaluators(environment, told=evaluators),
            fonts=fonts,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Built once in app.py."""

    tables: Tables
    press: Press
    evaluators: Mapping[str, str]  # names by the digest of the key

    @classmethod
    def of(cls, settings: RecognitionSettings) -> Self:
        """The room that the settings describe."""
        criteria = settings.criteria or Table.packaged()
        return cls(
            tables=Tables(criteria=criteria, frameworks=Frameworks.packaged()), press=Press(fonts=settings.fonts),
            evaluators=settings.evaluators,
        )  # fmt: skip


ROOM = web.AppKey("ROOM", Room)


def of(request: web.Request) -> Room:
    """The room of the verifier that answers `request`."""
    return request.config_dict[ROOM]


def _criteria(environment: Environment, *, named: str | None) -> Table | None:
    if named is None:
        return None
    try:
        return Table.parse(Path(named).read_bytes())
    except OSError:
        environment.blame("CRITERIA", sentence=f"names a file that cannot be read: {named}")
    except InvalidCriteria as error:
        environment.blame("CRITERIA", sentence=f"names a file that is no table of criteria: {error}")
    return None


def _evaluators(environment: Environment, *, told: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in told:
        read = EVALUATOR.fullmatch(each)
        if read is None:
            sentence = "is a list of name:digest, the digest being the SHA-256 of an evaluator's key in hexadecimal"
            environment.blame("EVALUATORS", sentence=sentence)
            return {}
        found[read["digest"]] = read["name"].strip()
    return found
