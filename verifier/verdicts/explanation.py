"""What a verification means for the person who decides: one table from reason codes to plain sentences.

The codes are the closed list of `trust.report`; `headline` is the first line of the page, `todo` the next step.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from trust.report import Actor, Outcome, ReasonCode, Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One reason in the words of an HR officer: what it is, what it means, who can act, and what to do now."""

    headline: str
    sentence: str
    act: Actor
    todo: str


ASK_HOLDER = "Ask the person to share it again from their wallet, with a new request."
ASK_ISSUER = "Ask the person, or the institution that awarded it, for a certificate that can be read."
AGAIN = "Ask again in a few minutes. Until then this is neither a yes nor a no."

EXPLANATIONS: Mapping[ReasonCode, Explanation] = {
    ReasonCode.MALFORMED: Explanation(
        headline="This is not a certificate that can be read",
        sentence="The text is damaged, incomplete, or something else altogether.",
        act=Actor.HOLDER, todo="Ask for the whole certificate, or ask the person to share it from their wallet.",
    ),
    ReasonCode.UNSUPPORTED_FORMAT: Explanation(
        headline="This kind of certificate is not read here",
        sentence="It may be genuine, but it is in a form that this service does not know.",
        act=Actor.HOLDER, todo=ASK_ISSUER,
    ),
    ReasonCode.ALGORITHM: Explanation(
        headline="It is signed in a way that is not accepted",
        sentence="The kind of signature is too weak, or not one that is allowed for certificates.",
        act=Actor.ISSUER, todo=ASK_ISSUER,
    ),
    ReasonCode.SIGNATURE: Explanation(
        headline="Not genuine: the signature does not fit",
        sentence="The certificate was changed after it was signed, or somebody else made it.",
        act=Actor.HOLDER, todo="Do not rely on it. Ask the institution that is named on it.",
    ),
    ReasonCode.KEY: Explanation(
        headline="It is signed with a key that its issuer does not use for certificates",
        sentence="The institution exists, but this signature is not one it makes certificates with.",
        act=Actor.ISSUER, todo="Do not rely on it. Ask the institution that is named on it.",
    ),
    ReasonCode.ISSUER_UNTRUSTED: Explanation(
        headline="Nobody we trust vouches for the issuer",
        sentence="It may be a real institution that is not on our lists, or somebody who only uses its name.",
        act=Actor.REGISTRY,
        todo="Do not rely on it yet. Ask the institution whether it is accredited for this kind of certificate.",
    ),
    ReasonCode.TYPE: Explanation(
        headline="This is another kind of certificate than it should be",
        sentence="What it holds does not follow the description of its kind.",
        act=Actor.ISSUER, todo=ASK_ISSUER,
    ),
    ReasonCode.TEMPORAL: Explanation(
        headline="It is not valid today",
        sentence="Its time has not begun, or it has run out. The achievement itself may still stand.",
        act=Actor.HOLDER, todo="Ask the person whether the institution has given them a newer one.",
    ),
    ReasonCode.DISCLOSURE: Explanation(
        headline="What is shown does not belong to the certificate",
        sentence="A fact was added that the institution did not sign.",
        act=Actor.HOLDER, todo="Do not rely on it. " + ASK_HOLDER,
    ),
    ReasonCode.KEY_BINDING: Explanation(
        headline="It is not proven that this is the person it was given to",
        sentence="The certificate may be genuine, but whoever showed it did not prove that it is theirs.",
        act=Actor.HOLDER, todo=ASK_HOLDER,
    ),
    ReasonCode.NONCE: Explanation(
        headline="This was made for another request",
        sentence="It may have been shown before, to us or to somebody else, and was sent a second time.",
        act=Actor.HOLDER, todo=ASK_HOLDER,
    ),
    ReasonCode.AUDIENCE: Explanation(
        headline="This was meant for somebody else",
        sentence="The person shared it with another organisation, not with us.",
        act=Actor.HOLDER, todo=ASK_HOLDER,
    ),
    ReasonCode.REVOKED: Explanation(
        headline="Withdrawn: the issuer has revoked this certificate",
        sentence="It was genuine once. The institution that awarded it has taken it back, for good.",
        act=Actor.ISSUER, todo="Do not rely on it. The institution can say why, if the person agrees.",
    ),
    ReasonCode.SUSPENDED: Explanation(
        headline="Suspended: the issuer has put this certificate on hold",
        sentence="It was genuine when it was awarded, and does not count at the moment.",
        act=Actor.ISSUER, todo="Ask again later, or ask the institution that awarded it.",
    ),
    ReasonCode.STATUS_UNAVAILABLE: Explanation(
        headline="We could not check whether it has been withdrawn",
        sentence="Everything else may be right, but the institution's list could not be read just now.",
        act=Actor.ISSUER, todo=AGAIN,
    ),
    ReasonCode.QUERY_MISMATCH: Explanation(
        headline="This is not what was asked for",
        sentence="It is a certificate, but another one, or a fact that was asked for is missing.",
        act=Actor.HOLDER, todo=ASK_HOLDER,
    ),
    ReasonCode.LIMITS: Explanation(
        headline="This is larger than anything that is read here",
        sentence="No certificate needs to be this large.",
        act=Actor.HOLDER, todo=ASK_ISSUER,
    ),
}  # fmt: skip

UNSURE: Mapping[Rung, Explanation] = {
    Rung.ISSUER: Explanation(
        headline="We could not check who signed it",
        sentence="The keys of the issuer, or the list of accredited institutions, could not be had just now.",
        act=Actor.VERIFIER, todo=AGAIN,
    ),
    Rung.CLAIMS: Explanation(
        headline="We could not check what kind of certificate it is",
        sentence="The description of its kind could not be had just now.",
        act=Actor.ISSUER, todo=AGAIN,
    ),
    Rung.STATUS: EXPLANATIONS[ReasonCode.STATUS_UNAVAILABLE],
}  # fmt: skip
"""Where a rung could not be climbed now; everything else that is unknown says that it could not be checked."""

OWN_RULES: Mapping[str, Explanation] = {
    Outcome.FAILED.value: Explanation(
        headline="It does not meet the rules that were set for this",
        sentence="It is genuine. What was asked beyond that does not hold: see “Our own rules” below.",
        act=Actor.ISSUER, todo="Do not rely on it for this purpose. Whoever set the rules can say whether they apply.",
    ),
    Outcome.UNKNOWN.value: Explanation(
        headline="We could not check the rules that were set for this",
        sentence="It is genuine. Whether it meets what was asked beyond that could not be found out.",
        act=Actor.VERIFIER, todo="Whoever runs this service can see what is missing: see “Our own rules” below.",
    ),
}  # fmt: skip
"""Where it is only the rules of a relying party that do not hold, or could not be asked."""

UNKNOWN = Explanation(
    headline="We could not check all of it", sentence="A part of the check could not be made just now.",
    act=Actor.VERIFIER, todo=AGAIN,
)  # fmt: skip

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


def explain(*, code: str | None, rung: str | None, unsure: bool) -> Explanation:
    """The explanation of the finding that decided: one that failed, or one that could not be made."""
    if rung == Rung.POLICY.value:
        return OWN_RULES[(Outcome.UNKNOWN if unsure else Outcome.FAILED).value]
    if unsure:
        return UNSURE.get(Rung(rung), UNKNOWN) if rung is not None else UNKNOWN
    return EXPLANATIONS[ReasonCode(code)] if code is not None else UNKNOWN
