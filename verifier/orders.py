"""What is asked for and how the question travels: the part of a request that is no secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from exchange import web_address
from exchange.client import Prefix
from exchange.dcql import Query
from exchange.errors import ExchangeError, InvalidRequest
from exchange.request_link import Method
from exchange.request_object import ResponseMode
from keys import strict_json
from keys.errors import KeysError
from service.errors import Problem
from trust.errors import InvalidPolicy
from trust.policies import policy
from trust.policies.rules import Rule
from verifier.errors import InvalidOrder
from verifier.templates import TEMPLATES

LONGEST_PURPOSE = 300
WRITE_ONE = "Write a query: a JSON object with the member credentials."
ITSELF = "the dcql_query: "
MEMBERS = frozenset(
    {"template", "dcql_query", "purpose", "flow", "response_mode", "client_id_prefix", "request_uri_method",
     "redirect_uri", "policy"}
)  # fmt: skip


class Flow(StrEnum):
    """Where the wallet is: on the device that asks, on another one, or on whichever the person takes."""

    EITHER = "either"
    SAME_DEVICE = "same_device"
    CROSS_DEVICE = "cross_device"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A question. `query` None stands for the one of `template`, until the types are known (`settled`)."""

    query: Query | None
    template: str | None = None
    purpose: str = ""
    flow: Flow = Flow.EITHER
    mode: ResponseMode = ResponseMode.DIRECT_POST_JWT
    prefix: Prefix | None = None  # None: as the settings say
    method: Method = Method.GET
    rule: Rule | None = None  # what is asked of the answer beyond being genuine
    return_to: str | None = None  # where the browser goes after an answer on the same device; None: a page here

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Reads what a person or program orders; raises InvalidOrder."""
        if not isinstance(raw, Mapping):
            raise InvalidOrder("A request is a JSON object.")
        unknown = sorted(set(map(str, raw)) - MEMBERS)
        if unknown:
            raise InvalidOrder(f"A request has no member {unknown[0][:40]}.")
        template, asked = raw.get("template"), raw.get("dcql_query")
        if (template is None) == (asked is None):
            raise InvalidOrder("Name either a template or a dcql_query.")
        if template is not None and (not isinstance(template, str) or template not in TEMPLATES):
            raise InvalidOrder(f"There is no such template. These are known: {', '.join(TEMPLATES)}.")
        return cls(
            query=None if asked is None else _query(asked),
            template=template,
            purpose=_purpose(raw.get("purpose"), template=template),
            flow=_choice(Flow, raw, "flow", Flow.EITHER),
            mode=_choice(ResponseMode, raw, "response_mode", ResponseMode.DIRECT_POST_JWT),
            prefix=_choice(Prefix, raw, "client_id_prefix", None),
            method=_choice(Method, raw, "request_uri_method", Method.GET),
            rule=_rule(raw.get("policy")),
            return_to=_return_to(raw.get("redirect_uri")),
        )

    @property
    def asked(self) -> Query:
        """The query of an order that is settled."""
        if self.query is None:
            raise InvalidOrder("This request asks for nothing yet.")
        return self.query

    def to_json(self) -> dict[str, Any]:
        """The order as it is stored: without its purpose, in which a person may be named (see vault.py)."""
        return {
            "query": self.asked.to_json(),
            "template": self.template,
            "flow": self.flow.value,
            "mode": self.mode.value,
            "prefix": self.prefix and self.prefix.value,
            "method": self.method.value,
            "rule": self.rule and policy.to_json(self.rule),
            "return_to": self.return_to,
        }


def load(stored: bytes) -> Order:
    """An order from where it is stored."""
    raw = strict_json.parse_object(stored)
    return Order(
        query=Query.parse(raw["query"]),
        template=raw["template"],
        flow=Flow(raw["flow"]),
        mode=ResponseMode(raw["mode"]),
        prefix=raw["prefix"] and Prefix(raw["prefix"]),
        method=Method(raw["method"]),
        rule=_rule(raw.get("rule")),
        return_to=raw["return_to"],
    )


def _query(raw: object) -> Query:
    try:
        return Query.parse(strict_json.parse_object(raw) if isinstance(raw, str) else raw)
    except KeysError as error:
        raise _wrong("dcql_query", WRITE_ONE) from error
    except ExchangeError as error:
        raise _wrong("dcql_query", f"Wallets cannot read this query: {str(error).removeprefix(ITSELF)}") from error


def _wrong(member: str, sentence: str) -> InvalidOrder:
    return InvalidOrder(sentence, problems=[Problem(path=f"/{member}", message=sentence)])


def _rule(raw: object) -> Rule | None:
    try:
        return None if raw is None else policy.parse(raw)
    except InvalidPolicy as error:
        raise _wrong("policy", str(error)) from error


def _purpose(raw: object, *, template: str | None) -> str:
    told = raw.strip() if isinstance(raw, str) else ""
    if raw is not None and (not isinstance(raw, str) or len(told) > LONGEST_PURPOSE or not told.isprintable()):
        raise _wrong("purpose", f"A purpose is one line of at most {LONGEST_PURPOSE} characters.")
    return told or (TEMPLATES[template].purpose if template is not None else "")


def _choice(kind: type[StrEnum], raw: Mapping[str, Any], name: str, default: StrEnum | None) -> Any:
    value = raw.get(name)
    if value is None:
        return default
    if not isinstance(value, str) or value not in {member.value for member in kind}:
        raise InvalidOrder(f"The {name} is one of {', '.join(kind)}.")
    return kind(value)


def _return_to(raw: object) -> str | None:
    try:
        return None if raw is None else web_address.parse(raw, what="The redirect_uri", refusal=InvalidRequest)
    except InvalidRequest as error:
        raise InvalidOrder(str(error)) from error
