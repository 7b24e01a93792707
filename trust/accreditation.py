"""The signed list of accredited issuers: a JWT of type `accredited-issuers+jwt` under a pinned key, that only moves on.

Its format is ours (docs/standards.md). It answers one question: was this signer, told by exact keys or identifiers and
never by a name, accredited for these credential types on that day, and along which path from the list's own publisher?
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Final, Self

from keys import jws, strict_json
from keys.errors import InvalidSignature, KeysError, UnsupportedAlgorithm
from keys.jwk import PublicJwk
from keys.signer import Signer
from trust.errors import InvalidAccreditation, StaleAccreditation, UntrustedIssuer
from trust.identity import SignerIdentity, Step
from trust.organisations import COUNTS, Accreditation, Organisation

TYP: Final = "accredited-issuers+jwt"
MEDIA_TYPE: Final = "application/accredited-issuers+jwt"
LIMIT: Final = 4 << 20
MAX_ORGANISATIONS: Final = 20_000
LEEWAY: Final = timedelta(seconds=60)
GENERIC_TYPES: Final = frozenset({"VerifiableCredential"})
LONGEST_PATH: Final = 8


@dataclass(frozen=True, kw_only=True)
class AccreditedIssuers:
    """The list of one moment: `issuer` is its publisher and the root of every path on it."""

    issuer: str
    issued_at: datetime
    expires: datetime
    sequence: int
    organisations: tuple[Organisation, ...]
    name: str = ""

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Self:
        """The list of a JWT's claims; raises InvalidAccreditation."""
        match raw:
            case {
                "iss": str(issuer),
                "iat": int(issued),
                "exp": int(expires),
                "sequence": int(sequence),
                "organisations": list(organisations),
            } if issuer and sequence >= 0 and len(organisations) <= MAX_ORGANISATIONS:
                parsed = tuple(Organisation.parse(item) for item in organisations)
            case _:
                raise InvalidAccreditation("the list of accredited issuers lacks what every such list has")
        if len({organisation.id for organisation in parsed}) != len(parsed):
            raise InvalidAccreditation("the list of accredited issuers names an organisation twice")
        name = raw.get("name", "")
        return cls(
            issuer=issuer,
            name=name if isinstance(name, str) else "",
            issued_at=_moment(issued),
            expires=_moment(expires),
            sequence=sequence,
            organisations=parsed,
        )

    def to_json(self) -> dict[str, object]:
        """The claims of the JWT."""
        return {
            "iss": self.issuer,
            "name": self.name,
            "iat": int(self.issued_at.timestamp()),
            "exp": int(self.expires.timestamp()),
            "sequence": self.sequence,
            "organisations": [organisation.to_json() for organisation in self.organisations],
        }

    def find(self, signer: SignerIdentity) -> Organisation | None:
        """The organisation whose keys `signer` proves, None where there is none or more than one."""
        candidates = {
            index
            for mark in (signer.id, *signer.hashes)
            for index in self._by_mark.get(mark, ())
            if self.organisations[index].keys.fit(signer)
        }
        return self.organisations[candidates.pop()] if len(candidates) == 1 else None

    def names(self, identifier: str) -> bool:
        """Whether some organisation is told by exactly this DID or address, and pins no certificate instead."""
        return any(
            identifier in keys.dids or (identifier in keys.issuers and not keys.x509_hashes)
            for index in self._by_mark.get(identifier, ())
            if (keys := self.organisations[index].keys)
        )

    def covers(self, signer: SignerIdentity, *, types: Sequence[str], at: datetime) -> tuple[Step, ...]:
        """The path from `signer` to the publisher, for these types on the day of `at`; raises UntrustedIssuer."""
        return self._covered(self.find(signer), types=types, at=at)

    def organisation(self, identifier: str) -> Organisation | None:
        """The one organisation that goes by exactly this issuer address or DID, None where there is none.

        For people who are about to deal with it, such as before an offer is taken up. It proves nothing about a
        signature: for that there is `covers`.
        """
        marked = [self.organisations[index] for index in self._by_mark.get(identifier, ())]
        named = [each for each in marked if identifier in each.keys.issuers | each.keys.dids]
        return named[0] if len(named) == 1 else None

    def expects(self, identifier: str, *, types: Sequence[str], at: datetime) -> tuple[Step, ...]:
        """The path that a credential by whoever goes by `identifier` will have to prove; raises UntrustedIssuer."""
        return self._covered(self.organisation(identifier), types=types, at=at)

    def _covered(self, organisation: Organisation | None, *, types: Sequence[str], at: datetime) -> tuple[Step, ...]:
        if organisation is None:
            raise UntrustedIssuer("the issuer is not on the list of accredited issuers")
        asked = frozenset(types) - GENERIC_TYPES or frozenset(types)
        path = self._path(organisation, types=asked, day=at.astimezone(UTC).date(), below=())
        if not asked or not path:
            raise UntrustedIssuer(f"the issuer was not accredited for this type of credential on {at:%d %B %Y}")
        return path

    def _path(
        self, organisation: Organisation, *, types: frozenset[str], day: date, below: tuple[str, ...]
    ) -> tuple[Step, ...]:
        if organisation.status not in COUNTS or organisation.id in below or len(below) >= LONGEST_PATH:
            return ()
        for accreditation in organisation.accreditations:
            if not (types <= accreditation.types and accreditation.holds(day)):
                continue
            step = self._step(organisation, accreditation)
            if accreditation.accredited_by == self.issuer:
                return (step,)
            above = self._by_id.get(accreditation.accredited_by)
            rest = above and self._path(above, types=types, day=day, below=(*below, organisation.id))
            if rest:
                return (step, *rest)
        return ()

    def _step(self, organisation: Organisation, accreditation: Accreditation) -> Step:
        above = self._by_id.get(accreditation.accredited_by)
        publisher = self.name or self.issuer
        return Step(
            organisation=organisation.id,
            name=organisation.name,
            accredited_by=accreditation.accredited_by,
            accredited_by_name=above.name if above else publisher,
            since=accreditation.since,
            until=accreditation.until,
            types=tuple(sorted(accreditation.types)),
            levels=accreditation.levels,
        )

    @cached_property
    def x509_hashes(self) -> frozenset[str]:
        """Every certificate hash that some organisation is told by."""
        return frozenset(mark for organisation in self.organisations for mark in organisation.keys.x509_hashes)

    @cached_property
    def _by_id(self) -> Mapping[str, Organisation]:
        return {organisation.id: organisation for organisation in self.organisations}

    @cached_property
    def _by_mark(self) -> Mapping[str, tuple[int, ...]]:
        marks: dict[str, tuple[int, ...]] = {}
        for index, organisation in enumerate(self.organisations):
            keys = organisation.keys
            for mark in keys.x509_hashes | keys.dids | keys.issuers:
                marks[mark] = (*marks.get(mark, ()), index)
        return marks


async def create(issuers: AccreditedIssuers, *, signer: Signer, header: Mapping[str, Any] = jws.NO_HEADER) -> str:
    """The signed list; `header` may carry the publisher's `x5c` or `kid` for people who look for it."""
    return await jws.create(issuers.to_json(), signer=signer, typ=TYP, header=header)


def verify(
    token: str, *, keys: Sequence[PublicJwk], now: datetime, sequence: int, issuer: str | None = None
) -> AccreditedIssuers:
    """The list in `token`, signed by one of the pinned `keys`, in its time, and no older than `sequence`.

    `sequence` is the last number that was seen (0 when none was). Raises InvalidAccreditation, or StaleAccreditation
    past its expiry.
    """
    try:
        parsed = jws.parse(token, limit=LIMIT)
        payload = _verified(parsed, keys=keys)
        issuers = AccreditedIssuers.parse(strict_json.parse_object(payload, limit=LIMIT))
    except KeysError as error:
        raise InvalidAccreditation(f"the list of accredited issuers cannot be used: {error}") from error
    if issuer is not None and issuers.issuer != issuer:
        raise InvalidAccreditation("the list of accredited issuers is somebody else's")
    if issuers.sequence < sequence:
        raise InvalidAccreditation("the list of accredited issuers is older than one that was seen before")
    if issuers.issued_at > now + LEEWAY:
        raise InvalidAccreditation("the list of accredited issuers is dated in the future")
    if issuers.expires <= now:
        raise StaleAccreditation("the list of accredited issuers is past its expiry")
    return issuers


def _verified(parsed: jws.Jws, *, keys: Sequence[PublicJwk]) -> bytes:
    for key in keys:
        try:
            return jws.verify(parsed, key=key, typ=TYP).payload
        except (InvalidSignature, UnsupportedAlgorithm):
            continue
    raise InvalidAccreditation("the list of accredited issuers is not signed by a key that is pinned here")


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidAccreditation("the list of accredited issuers carries a time that cannot be told") from error
