"""Making claims selectively disclosable: digests in place of values. RFC 9901 sections 4.2.4 to 4.2.6."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from credentials import claims_path
from credentials.claims_path import ClaimsPath
from credentials.errors import InvalidDisclosure
from credentials.formats import disclosure

_SCALARS = (str, int, float, bool, type(None))
_HIDE = object()  # in a node of the tree: the value at this place is itself concealed

_Tree = dict[Any, Any]


class Concealed(NamedTuple):
    """What the issuer signs, and the disclosures that open it."""

    payload: dict[str, Any]
    disclosures: list[str]


class _Work(NamedTuple):
    salts: Iterator[str]
    disclosures: list[str]
    decoys: int


def conceal(claims: Mapping[str, Any], *, disclosable: Collection[ClaimsPath], decoys: int = 0) -> Concealed:
    """The payload in which the claims at `disclosable` are replaced by digests, and their disclosures.

    A path with null conceals each element; a path to nothing is passed over, since an optional claim may be absent.
    `decoys` is how many digests of nothing stand beside those of each object or array that conceals something.
    Raises InvalidDisclosure where a claim has a name of the mechanism.
    """
    _refuse_reserved(claims)
    places = _places(claims, disclosable)
    if not places:
        return Concealed(dict(claims), [])
    work = _Work(disclosure.salts(len(places)), [], decoys)
    payload = _object(claims, _tree(places), work)
    payload["_sd_alg"] = disclosure.HASH
    return Concealed(payload, work.disclosures)


def _refuse_reserved(value: Any) -> None:
    if isinstance(value, Mapping):
        if not disclosure.RESERVED.isdisjoint(value):
            raise InvalidDisclosure("A claim uses a name that belongs to the mechanism itself.")
        value = value.values()
    for item in value:
        if not isinstance(item, _SCALARS):
            _refuse_reserved(item)


def _places(claims: Mapping[str, Any], disclosable: Collection[ClaimsPath]) -> dict[ClaimsPath, None]:
    places: dict[ClaimsPath, None] = {}
    for path in disclosable:
        if len(path) > 1:
            places.update(dict.fromkeys(claims_path.locate(claims, path=path)))
        elif path[0] in claims:
            places[path] = None
    return places


def _tree(places: Collection[ClaimsPath]) -> _Tree:
    root: _Tree = {}
    for place in places:
        node = root
        for component in place:
            node = node.setdefault(component, {})
        node[_HIDE] = True
    return root


def _object(claims: Mapping[str, Any], node: _Tree, work: _Work) -> dict[str, Any]:
    payload = {name: value for name, value in claims.items() if name not in node}
    hidden = []
    for name, below in node.items():
        if name is _HIDE:
            continue
        value = _inside(claims[name], below, work)
        if _HIDE in below:
            hidden.append((next(work.salts), name, value))
        else:
            payload[name] = value
    if hidden:
        payload["_sd"] = sorted(_disclose(hidden, work) + disclosure.decoys(work.decoys))
    return payload


def _array(items: list[Any], node: _Tree, work: _Work) -> list[Any]:
    payload = [_inside(item, node[index], work) if index in node else item for index, item in enumerate(items)]
    hidden = [index for index in range(len(items)) if _HIDE in node.get(index, ())]
    if hidden:
        digests = _disclose([(next(work.salts), payload[index]) for index in hidden], work)
        for index, one in zip(hidden, digests, strict=True):
            payload[index] = {"...": one}
        payload += [{"...": one} for one in disclosure.decoys(work.decoys)]
    return payload


def _inside(value: Any, node: _Tree, work: _Work) -> Any:
    if len(node) == (_HIDE in node):
        return value
    return _object(value, node, work) if isinstance(value, Mapping) else _array(value, node, work)


def _disclose(hidden: list[tuple[Any, ...]], work: _Work) -> list[str]:
    encoded, digests = disclosure.create(hidden)
    work.disclosures.extend(encoded)
    return digests
