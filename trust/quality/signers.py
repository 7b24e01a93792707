"""The body behind a credential: the one that the register of accredited issuers knows the signer as, if it knows one.

A credential's own numbers are claims of whoever signed it, who might borrow another's. They count as confirmed only
where the numbers of the register lead to the same provider, and contradict it where they lead to another.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from credentials.learning.course import AwardingBody, Course, Identifier
from credentials.learning.text import Text
from trust.organisations import Organisation
from trust.quality import matching
from trust.quality.answer import Quality
from trust.quality.assurance import quality_of
from trust.quality.index import QualityIndex

NAMELESS = AwardingBody(name=Text(entries=()))


def quality_of_signer(
    signer: Organisation | None,
    *,
    stated: Sequence[AwardingBody],
    micro_credential: Course,
    award_date: date,
    on: QualityIndex,
) -> Quality:
    """What DEQAR's data says of the body that awarded: `signer` as the register has it, `stated` as the credential."""
    registered = _registered(signer) if signer is not None else NAMELESS
    known = matching.numbers_of(registered)
    body = _meant(stated, known=frozenset(known))
    numbers = {*known, *matching.numbers_of(body)}
    whole = replace(
        body,
        id=None,
        name=registered.name if signer is not None else body.name,
        alternative_name=None if signer is not None else body.alternative_name,
        identifiers=tuple(Identifier(scheme=each.scheme, value=each.value) for each in numbers),
    )
    answer = quality_of(whole, micro_credential=micro_credential, award_date=award_date, on=on)
    if answer.provider_id is None:
        return answer
    proven = matching.match(registered, on=on, day=award_date).provider
    return replace(answer, confirmed=proven == answer.provider_id)


def _registered(signer: Organisation) -> AwardingBody:
    dids = [Identifier(scheme="did-ebsi", value=did) for did in sorted(signer.keys.dids)]
    told = [Identifier(scheme=each.scheme, value=each.value) for each in signer.identifiers]
    return AwardingBody(
        name=Text.of({"en": signer.name}), country=signer.country or None, identifiers=(*told, *dids)
    )  # fmt: skip


def _meant(stated: Sequence[AwardingBody], *, known: frozenset[object]) -> AwardingBody:
    """The one of several awarding bodies that the signer is, else the first."""
    own = (body for body in stated if known & frozenset(matching.numbers_of(body)))
    return next(own, stated[0] if stated else NAMELESS)
