"""Making claims selectively disclosable: digests in place of values. RFC 9901 sections 4.2.4 to 4.2.6."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from credentials import claims_path
from credentials.claims_path import ClaimsPath
from credentials.errors import InvalidDisclosure
from credentials.formats import disclosure

_SCALARS = frozenset({str, int, float, bool, type(None)})
_HIDE = object()  # in a node of the tree: the value at this place is itself concealed

_Tree = dict[Any, Any]  # what is concealed at and below a place: name or position → node
_LEAF: _Tree = {_HIDE: True}  # concealed as a whole, with nothing concealed inside


Concealed = tuple[dict[str, Any], list[bytes]]
"""What the issuer signs, and the disclosures that open it: one or more a text, with tildes between them."""


class _Work(NamedTuple):
    disclosures: list[bytes]
    decoys: int


def conceal(claims: Mapping[str, Any], *, disclosable: Collection[ClaimsPath], decoys: int = 0) -> Concealed:
    """The payload in which the claims at `disclosable` are replaced by digests, and their disclosures.

    A path with null conceals each element; a path to nothing is passed over, since an optional claim may be absent.
    `decoys` is how many digests of nothing stand beside those of each object or array that conceals something.
    Raises InvalidDisclosure where a claim has a name of the mechanism.
    """
    _refuse_reserved(claims)
    tree = _plant(claims, disclosable)
    if not tree:
        return dict(claims), []
    work = _Work([], decoys)
    payload = _object(claims, tree, work)
    payload["_sd_alg"] = disclosure.HASH
    return payload, work.disclosures


def _refuse_reserved(value: Any) -> None:
    if type(value) is dict or isinstance(value, Mapping):
        if not value.keys().isdisjoint(disclosure.RESERVED):  # goes through the shorter of the two
            raise InvalidDisclosure("A claim uses a name that belongs to the mechanism itself.")
        value = value.values()
    elif not isinstance(value, list | tuple):
        return
    if _SCALARS.issuperset(map(type, value)):
        return
    for item in value:
        if type(item) not in _SCALARS:
            _refuse_reserved(item)


def _plant(claims: Mapping[str, Any], disclosable: Collection[ClaimsPath]) -> _Tree:
    root: _Tree = {path[0]: _LEAF for path in disclosable if len(path) == 1 and path[0] in claims}
    if len(root) == len(disclosable):
        return root
    for path in disclosable:
        if len(path) > 1:
            for place in claims_path.locate(claims, path=path):
                _add(root, place)
    return root


def _add(root: _Tree, place: ClaimsPath) -> None:
    node = root
    for component in place:
        below = node.get(component)
        if below is None or below is _LEAF:
            below = node[component] = dict(below or {})
        node = below
    node[_HIDE] = True


def _object(claims: Mapping[str, Any], tree: _Tree, work: _Work) -> dict[str, Any]:
    payload, hidden = dict(claims), {}
    for name, below in tree.items():
        if below is _LEAF:
            hidden[name] = payload.pop(name)
        elif name is not _HIDE:
            where = hidden if _HIDE in below else payload
            where[name] = _inside(payload.pop(name), below, work)
    if hidden:
        payload["_sd"] = sorted(_disclose(hidden, hidden.values(), work))
    return payload


def _array(items: Sequence[Any], tree: _Tree, work: _Work) -> list[Any]:
    payload = [_inside(item, tree[index], work) if index in tree else item for index, item in enumerate(items)]
    hidden = [index for index in range(len(items)) if _HIDE in tree.get(index, ())]
    if hidden:
        digests = _disclose(None, [payload[index] for index in hidden], work)
        standing = [{"...": digest} for digest in digests]
        for index, stand_in in zip(hidden, standing, strict=False):
            payload[index] = stand_in
        payload += standing[len(hidden) :]
    return payload


def _inside(value: Any, tree: _Tree, work: _Work) -> Any:
    if len(tree) == (_HIDE in tree):
        return value
    return _object(value, tree, work) if isinstance(value, Mapping) else _array(value, tree, work)


def _disclose(names: Collection[str] | None, values: Collection[Any], work: _Work) -> list[str]:
    """The digests of what is hidden, in order, and after them the decoys."""
    encoded, digests = disclosure.create(names, values)
    work.disclosures.append(encoded)
    return digests + disclosure.decoys(work.decoys) if work.decoys else digests
