"""Issuers known by certificate: a path from the `x5c` header to a pinned anchor, and an `iss` that the leaf speaks for.

Implements "Inline X.509 Certificates" of SD-JWT VC and HAIP 1.0; `keys.x509` validates the path itself, and
`keys.certificates.revocation` asks the revocation lists (RFC 5280 section 5), where the deployment has any.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from keys import x509
from keys.certificates import revocation
from keys.certificates.revocation import Answer, RevocationList
from keys.errors import KeysError, UntrustedCertificate
from keys.jwk import PublicJwk
from keys.x509 import Certificate
from trust.errors import ResolutionFailed, UntrustedIssuer
from trust.identity import Kind, SignerIdentity
from trust.memory import Memory

ROUNDED = timedelta(days=1)  # an issue date is rounded down to its day, so that copies cannot be linked by it


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A validated chain with its anchor at the end, what its leaf says, and the time for which all of it is valid."""

    certificates: tuple[Certificate, ...]
    key: PublicJwk
    uris: frozenset[str]
    hosts: frozenset[str]
    name: str
    hashes: frozenset[str]
    starts: datetime
    ends: datetime
    anchored: bool
    digest: bytes

    def speaks_for(self, issuer: str) -> bool:
        """Whether the leaf names `issuer`: as a URI, or, where it names no web address, as the host of an https one.

        A leaf with a web address of its own speaks for that one only: on a host of many issuers the host says nothing.
        """
        if issuer in self.uris:
            return True
        if any(uri.startswith(("https://", "http://")) for uri in self.uris):
            return False
        host = _https_host(issuer)
        return host is not None and host in self.hosts

    def signer(self, issuer: str) -> SignerIdentity:
        """The one who signs with the leaf for `issuer`, or for itself where that is ""."""
        return SignerIdentity(
            kind=Kind.CERTIFICATE,
            id=issuer or self.subject,
            key=self.key,
            path=self.certificates,
            hashes=self.hashes,
            name=self.name,
            anchored=self.anchored,
        )

    @property
    def subject(self) -> str:
        """The identifier of a signer who names no `iss`: the leaf's only URI, else its hash."""
        return next(iter(self.uris)) if len(self.uris) == 1 else f"x509_hash:{x509.x509_hash(self.certificates[0])}"


class IssuerAnchors:
    """The pinned anchors, and a bounded memory of the chains that were validated under them.

    A chain is validated once for each leaf; afterwards only its time is looked at. The memory is keyed by the SHA-256
    of the whole `x5c`, so nothing but the very same certificates meets it. Where there are revocation lists, every
    certificate below an anchor has to be answered for by one; without any, nobody is asked.
    """

    def __init__(
        self,
        anchors: Iterable[Certificate] = (),
        *,
        capacity: int = 1_000,
        revocations: Iterable[RevocationList] = (),
    ) -> None:
        self.anchors = tuple(anchors)
        self.revocations = tuple(revocations)
        self._memory: Memory[bytes, Path] = Memory(capacity=capacity)
        self._not_withdrawn: Memory[bytes, bool] = Memory(capacity=capacity)
        self._signers: Memory[tuple[bytes, str], SignerIdentity] = Memory(capacity=capacity)

    @property
    def remembered(self) -> int:
        """How many chains are remembered."""
        return len(self._memory)

    def path(self, x5c: Sequence[str], *, at: datetime, pinned: Collection[str] = frozenset()) -> Path:
        """The path of `x5c`, valid at `at`, to an anchor, or to a certificate whose hash is among `pinned`.

        Raises UntrustedIssuer when there is none.
        """
        digest = hashlib.sha256("|".join((str(len(x5c)), *x5c)).encode()).digest()
        held = self._memory.get(digest, now=at)
        if held is not None and held.starts <= at and (held.anchored or held.hashes & frozenset(pinned)):
            return held
        try:
            found = self._validated(x5c, digest=digest, at=at, pinned=pinned)
        except KeysError as error:
            raise UntrustedIssuer(f"the issuer's certificate cannot be trusted: {error}") from error
        return self._memory.put(found, key=digest, until=found.ends)

    def _validated(self, x5c: Sequence[str], *, digest: bytes, at: datetime, pinned: Collection[str]) -> Path:
        chain = x509.parse_x5c(list(x5c))
        try:
            return _path(x509.verify_path(chain, anchors=self.anchors, now=at), anchored=True, digest=digest)
        except KeysError:
            if not pinned:
                raise
        return _path(_pinned_path(chain, at=at, pinned=pinned), anchored=False, digest=digest)

    def identify(
        self,
        x5c: Sequence[str],
        *,
        issuer: str,
        now: datetime,
        issued_at: datetime | None,
        pinned: Collection[str] = frozenset(),
        by_issue_date: bool = False,
    ) -> SignerIdentity:
        """Who signed with the leaf of `x5c` for `issuer` ("" where the credential leaves that to the certificate).

        The chain has to be valid now, and the day of issue has to lie in its time; with `by_issue_date` the day of
        issue alone counts. Withdrawn is withdrawn whatever day is claimed, for the key may be in other hands. Raises
        UntrustedIssuer, or ResolutionFailed where no revocation list answers for a certificate.
        """
        if by_issue_date and issued_at is None:
            raise UntrustedIssuer("the credential does not say when it was issued, so its certificate cannot be judged")
        at = issued_at if by_issue_date and issued_at is not None else now
        path = self.path(x5c, at=at, pinned=pinned)
        self._check_revocation(path, now=now)
        if issued_at is not None and not path.starts - ROUNDED <= issued_at <= path.ends:
            raise UntrustedIssuer("the credential is dated outside the time of its issuer's certificate")
        known = self._signers.get((path.digest, issuer), now=now)
        if known is not None and known.path is path.certificates:
            return known
        if issuer and not path.speaks_for(issuer):
            raise UntrustedIssuer("the issuer's certificate does not speak for the issuer that the credential names")
        return self._signers.put(path.signer(issuer), key=(path.digest, issuer), until=path.ends)

    def _check_revocation(self, path: Path, *, now: datetime) -> None:
        if not self.revocations or not path.anchored or self._not_withdrawn.get(path.digest, now=now):
            return
        for certificate, issuer in pairwise(path.certificates):
            found = revocation.answer(certificate, issuer=issuer, lists=self.revocations, now=now)[0]
            if found is Answer.REVOKED:
                raise UntrustedIssuer("the issuer's certificate was withdrawn by its authority")
            if found is Answer.UNKNOWN:
                raise ResolutionFailed("no revocation list of now answers for the issuer's certificate")
        until = min(each.next_update or now for each in self.revocations)
        self._not_withdrawn.put(True, key=path.digest, until=until)  # noqa: FBT003  # a set that forgets


def _pinned_path(chain: tuple[Certificate, ...], *, at: datetime, pinned: Collection[str]) -> tuple[Certificate, ...]:
    """The path that ends at a certificate of `chain` whose very hash is pinned."""
    for place, certificate in enumerate(chain):
        if x509.x509_hash(certificate) not in pinned:
            continue
        if place:
            return x509.verify_path(chain[:place], anchors=(certificate,), now=at)
        if certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            return (certificate,)
    raise UntrustedCertificate("no valid path leads from the certificate to one that is pinned")


def _path(certificates: tuple[Certificate, ...], *, anchored: bool, digest: bytes) -> Path:
    leaf = certificates[0]
    return Path(
        certificates=certificates,
        key=x509.public_jwk(leaf),
        uris=frozenset(x509.uris(leaf)),
        hosts=frozenset(x509.dns_names(leaf)),
        name=x509.common_name(leaf) or "",
        hashes=frozenset(x509.x509_hash(each) for each in certificates),
        starts=max(each.not_valid_before_utc for each in certificates).astimezone(UTC),
        ends=min(each.not_valid_after_utc for each in certificates).astimezone(UTC),
        anchored=anchored,
        digest=digest,
    )


def _https_host(issuer: str) -> str | None:
    try:
        parts = urlsplit(issuer)
        host = parts.hostname
    except ValueError:
        return None
    plain = parts.scheme == "https" and "@" not in parts.netloc and not parts.query and "#" not in issuer
    return host if plain and issuer.isascii() else None
