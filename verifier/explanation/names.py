"""What rungs and actors are called on pages."""

from collections.abc import Mapping

from trust.report import Actor, Rung

RUNGS: Mapping[Rung, str] = {
    Rung.PARSE: "Form",
    Rung.ALGORITHM: "Kind of signature",
    Rung.ISSUER: "Issuer",
    Rung.SIGNATURE: "Signature",
    Rung.TIME: "Dates",
    Rung.HOLDER: "Holder",
    Rung.CLAIMS: "Content",
    Rung.STATUS: "Withdrawn or not",
    Rung.POLICY: "Our own rules",
    Rung.QUERY: "What was asked",
}

ACTORS: Mapping[Actor, str] = {
    Actor.NOBODY: "",
    Actor.HOLDER: "The person who showed it can act.",
    Actor.ISSUER: "The institution that awarded it can act.",
    Actor.VERIFIER: "We have to try again.",
    Actor.REGISTRY: "The institution, or whoever accredits it, can act.",
}
