"""Credits to requirements, each credit once: a maximum flow, exact in whole units, whatever the order of its inputs.

Augmenting paths by breadth (Edmonds and Karp, 1972) over parts and requirements in the order of their ids. A part's
credits may serve several requirements. What is of prior learning runs through one narrow place, so that it has a cap.
"""

from collections import deque
from collections.abc import Mapping, Sequence

Name = tuple[str, str]
SOURCE, SINK, PRIOR = ("source", ""), ("sink", ""), ("prior", "")


def assign(
    supply: Mapping[str, int],
    *,
    demand: Mapping[str, int],
    fits: Mapping[str, Sequence[str]],
    prior: frozenset[str] = frozenset(),
    cap: int | None = None,
) -> dict[tuple[str, str], int]:
    """How many units of each part of `supply` go to each requirement of `demand`, as many altogether as can be.

    `fits` says which requirements a part may serve; the parts in `prior` give at most `cap` together.
    """
    graph = _graph(supply, demand=demand, fits=fits, prior=prior, cap=cap)
    left = {node: dict(edges) for node, edges in graph.items()}
    while path := _path(left):
        width = min(left[one][other] for one, other in path)
        for one, other in path:
            left[one][other] -= width
            left[other][one] = left[other].get(one, 0) + width
    return {
        (part, slot): given
        for part in sorted(supply)
        for slot in sorted(fits.get(part, ()))
        if (given := graph[("part", part)][("slot", slot)] - left[("part", part)][("slot", slot)]) > 0
    }


def _graph(
    supply: Mapping[str, int],
    *,
    demand: Mapping[str, int],
    fits: Mapping[str, Sequence[str]],
    prior: frozenset[str],
    cap: int | None,
) -> dict[Name, dict[Name, int]]:
    graph: dict[Name, dict[Name, int]] = {SOURCE: {}, SINK: {}, PRIOR: {}}
    everything = sum(supply.values())
    graph[SOURCE][PRIOR] = everything if cap is None else cap
    for part in sorted(supply):
        graph[PRIOR if part in prior else SOURCE][("part", part)] = supply[part]
        graph[("part", part)] = {("slot", slot): supply[part] for slot in sorted(fits.get(part, ()))}
    for slot in sorted(demand):
        graph[("slot", slot)] = {SINK: demand[slot]}
    return graph


def _path(left: Mapping[Name, Mapping[Name, int]]) -> list[tuple[Name, Name]]:
    """A shortest way from source to sink that has room; empty where there is none."""
    came: dict[Name, Name] = {}
    waiting = deque([SOURCE])
    while waiting:
        node = waiting.popleft()
        for other in sorted(left[node]):
            if left[node][other] > 0 and other not in came and other != SOURCE:
                came[other] = node
                waiting.append(other)
    if SINK not in came:
        return []
    path, node = [], SINK
    while node != SOURCE:
        path.append((came[node], node))
        node = came[node]
    return path[::-1]
