"""Who vouches for a seal certificate: a service of a trusted list, and of what quality that makes the certificate.

Implements the determination of ETSI TS 119 615 sections 4.4 and 4.5 for electronic seals: the certificate leads to a
service CA/QC that was granted, for seals, when the certificate was made and when the seal was; the certificate claims
to be qualified for seals (EN 319 412-5), and no rule of the list says otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from keys import x509
from keys.errors import KeysError, UntrustedCertificate
from keys.seals import certificate as seal_certificate
from keys.seals.certificate import Statements
from keys.x509 import Certificate
from trust.trusted_lists.trusted_list import CA_QC, FOR_SEALS, Rule, Service, Standing, TrustedList

INFORMATION = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/"
AGAINST = frozenset({"NotQualified", "QCForESig", "QCForWSA"})
DEVICE: Mapping[str, bool] = {
    "QCWithQSCD": True,
    "QCWithSSCD": True,
    "QCQSCDManagedOnBehalf": True,
    "QCNoQSCD": False,
    "QCNoSSCD": False,
}

Listed = tuple[TrustedList, Service, Certificate]


class Quality(StrEnum):
    """What the lists make of a certificate; `UNKNOWN` is where they could not be asked."""

    QUALIFIED = "qualified"
    LISTED = "listed"  # a service of the lists made it, and it is not qualified for seals
    UNLISTED = "unlisted"  # the lists at hand do not know who made it
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """What the lists say of a certificate, and by which entry."""

    quality: Quality
    message: str
    path: tuple[Certificate, ...] = ()
    by: TrustedList | None = None
    service: Service | None = None
    standing: Standing | None = None
    in_device: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedLists:
    """The lists at hand, and their services by the names of their certificates. Asking them costs no network."""

    lists: tuple[TrustedList, ...] = ()
    subjects: Mapping[bytes, tuple[Listed, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, lists: Iterable[TrustedList]) -> "TrustedLists":
        """The lists in their order, made ready to be asked."""
        held, found = tuple(lists), dict[bytes, tuple[Listed, ...]]()
        for each in held:
            for subject, entries in each.by_subject().items():
                found[subject] = found.get(subject, ()) + tuple((each, *entry) for entry in entries)
        return cls(lists=held, subjects=MappingProxyType(found))

    def fresh_for(self, territory: str | None, *, now: datetime) -> bool:
        """Whether the list of a country is at hand, and of now."""
        return any(each.territory == territory and each.fresh(at=now) for each in self.lists)


def ask(lists: TrustedLists, *, chain: Sequence[Certificate], at: datetime, now: datetime) -> Vouched:
    """What `lists` say at `now` of the first of `chain` as it was at the moment `at`; the rest may lead to a service.

    Never raises: what cannot be found out is `UNKNOWN`.
    """
    try:
        path, entries = _path(lists, chain=chain, at=at)
    except KeysError as error:
        return Vouched(quality=Quality.UNLISTED, message=f"No path leads to a service of the lists: {error}.")
    if not entries:
        return _unlisted(lists, chain=chain, now=now)
    answers = [_judged(entry, path=path, at=at, now=now) for entry in entries]
    return min(answers, key=lambda answer: tuple(Quality).index(answer.quality))


def _path(
    lists: TrustedLists, *, chain: Sequence[Certificate], at: datetime
) -> tuple[tuple[Certificate, ...], tuple[Listed, ...]]:
    """The path from the leaf to a certificate of a service, and the entries it has; none where nobody is listed."""
    below = [chain[0]]
    failure: UntrustedCertificate | None = None
    while len(below) <= x509.MAX_CHAIN:
        named = lists.subjects.get(below[-1].issuer.public_bytes(), ())
        if named:
            try:
                anchors = tuple(dict.fromkeys(each for _, _, each in named))
                path = x509.verify_path(below, anchors=anchors, now=at, seals=True)
            except UntrustedCertificate as error:
                failure = error
            else:
                return path, tuple(entry for entry in named if entry[2] == path[-1])
        above = [each for each in chain[1:] if each.subject == below[-1].issuer and each not in below]
        if not above or x509.is_self_signed(above[0]):
            break
        below.append(above[0])
    if failure is not None:
        raise failure
    return (), ()


def _unlisted(lists: TrustedLists, *, chain: Sequence[Certificate], now: datetime) -> Vouched:
    country = seal_certificate.issuer_country(chain[0])
    if lists.fresh_for(country, now=now):
        return Vouched(quality=Quality.UNLISTED, message="No trusted list knows who made the certificate of the seal.")
    where = f"The trusted list of {country}" if country else "A trusted list for the certificate of the seal"
    return Vouched(quality=Quality.UNKNOWN, message=f"{where} is not at hand, or not of now.")


def _judged(entry: Listed, *, path: tuple[Certificate, ...], at: datetime, now: datetime) -> Vouched:
    by, service, _ = entry
    made, then = service.standing(at=path[0].not_valid_before_utc), service.standing(at=at)

    def answer(quality: Quality, message: str, *, in_device: bool | None = None) -> Vouched:
        return Vouched(
            quality=quality, message=message, path=path, by=by, service=service, standing=then, in_device=in_device
        )

    if not by.fresh(at=now):
        return answer(Quality.UNKNOWN, "The trusted list that knows the certificate's maker is not of now.")
    if made is None or then is None or not _granted(made) or not _granted(then):
        return answer(Quality.LISTED, "The trust service was not granted for qualified certificates at that time.")
    if FOR_SEALS not in then.purposes or FOR_SEALS not in made.purposes:
        return answer(Quality.LISTED, "The trust service was not granted for seals at that time.")
    claims = _claims(path[0])
    if claims is None or not claims.for_seals:
        return answer(Quality.LISTED, "The certificate does not claim to be a qualified one for seals.")
    against = _against((*made.rules, *then.rules), policies=seal_certificate.policies(path[0]))
    if against is not False:
        return answer(*_ruled_out(unclear=against is None))
    in_device = _device(then.rules, policies=seal_certificate.policies(path[0]), claimed=claims.in_device)
    return answer(Quality.QUALIFIED, "A granted trust service made the qualified certificate.", in_device=in_device)


def _ruled_out(*, unclear: bool) -> tuple[Quality, str]:
    if unclear:
        return Quality.UNKNOWN, "The trusted list has a rule about such certificates that is not understood here."
    return Quality.LISTED, "The trusted list says that such certificates are not qualified for seals."


def _granted(standing: Standing) -> bool:
    return standing.granted and standing.type == CA_QC


def _claims(certificate: Certificate) -> Statements | None:
    try:
        return seal_certificate.statements(certificate)
    except KeysError:
        return None


def _qualifiers(rule: Rule) -> frozenset[str]:
    return frozenset(each.removeprefix(INFORMATION) for each in rule.qualifiers)


def _against(rules: Sequence[Rule], *, policies: frozenset[str]) -> bool | None:
    """Whether a rule takes the quality away; None where one might."""
    met = [rule.criteria.met(policies) for rule in rules if _qualifiers(rule) & AGAINST]
    if True in met:
        return True
    return None if None in met else False


def _device(rules: Sequence[Rule], *, policies: frozenset[str], claimed: bool) -> bool | None:
    """Whether the key lies in a qualified device: the list has the last word, else the certificate has."""
    said: set[bool | None] = set()
    for rule in rules:
        told = {DEVICE[each] for each in _qualifiers(rule) if each in DEVICE}
        met = rule.criteria.met(policies)
        said |= set() if met is False or not told else told if met else {None}
    return claimed if not said else said.pop() if len(said) == 1 else None
