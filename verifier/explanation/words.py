"""What an explanation is made of, and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from trust.report import Actor


class Reader(StrEnum):
    """Who reads an explanation."""

    LEARNER = "learner"
    OFFICER = "officer"  # somebody who decides about a person, and knows nothing of signatures
    REGISTRAR = "registrar"  # somebody of the institution that awarded it
    DEVELOPER = "developer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One reason in a sentence for each reader, with who must act and what comes next. `headline` says it in short."""

    headline: str
    learner: str
    officer: str
    registrar: str
    developer: str
    act: Actor
    todo: str

    def sentence(self, reader: Reader) -> str:
        """The sentence for `reader`."""
        return {
            Reader.LEARNER: self.learner,
            Reader.OFFICER: self.officer,
            Reader.REGISTRAR: self.registrar,
            Reader.DEVELOPER: self.developer,
        }[reader]

    def to_json(self) -> Mapping[str, object]:
        """The wire form."""
        return {
            "headline": self.headline,
            **{reader.value: self.sentence(reader) for reader in Reader},
            "act": self.act.value,
            "next": self.todo,
        }
