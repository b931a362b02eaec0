"""Groups of similar vectors: a graph of nearest neighbours, and communities in it. Nothing here knows what vectors mean.

Louvain's method (Blondel et al. 2008): each node moves to the neighbouring community where modularity gains most, until
none moves; then communities are the nodes of a smaller graph, and so on. The order is fixed, so that it repeats.
"""

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]  # a unit vector in each row
Graph = list[
    dict[int, float]
]  # of each node its neighbours and their weights, both ways; itself where it was many nodes
_BLOCK = 1024
_ROUNDS = 20


def communities(vectors: Vectors, *, neighbours: int, resolution: float) -> list[int]:
    """The number of its community for each row, from 0; the bigger communities come first."""
    graph = neighbour_graph(vectors, neighbours)
    member = list(range(len(graph)))
    for _ in range(_ROUNDS):
        found = _moved(graph, resolution)
        if len(set(found)) == len(graph):
            break
        graph, renumbered = _joined(graph, found)
        member = [renumbered[found[node]] for node in member]
    return _by_size(member)


def neighbour_graph(vectors: Vectors, neighbours: int) -> Graph:
    """Each with its nearest; an edge weighs its cosine times the share of neighbours that both have."""
    near, likeness = nearest(vectors, vectors, neighbours + 1)
    rows: list[list[int]] = near.tolist()
    own = [set(row) for row in rows]  # with itself: the nearest is oneself
    graph: Graph = [{} for _ in own]
    for one, row in enumerate(rows):
        for place, other in enumerate(row):
            if other == one or other in graph[one]:
                continue
            shared = len(own[one] & own[other]) / len(own[one] | own[other])
            weight = max(float(likeness[one, place]), 0.0) * shared
            if weight > 0:
                graph[one][other] = graph[other][one] = weight
    return graph


def nearest(asking: Vectors, known: Vectors, many: int) -> tuple[NDArray[np.int64], Vectors]:
    """Of each row asking: which known rows are nearest, in no order, and their cosines."""
    many = min(many, len(known))
    places = np.zeros((len(asking), many), dtype=np.int64)
    cosines = np.zeros((len(asking), many), dtype=np.float32)
    for start in range(0, len(asking), _BLOCK):
        block = asking[start : start + _BLOCK] @ known.T
        best = np.argpartition(-block, many - 1, axis=1)[:, :many]
        places[start : start + _BLOCK] = best
        cosines[start : start + _BLOCK] = np.take_along_axis(block, best, axis=1)
    return places, cosines


def _moved(graph: Graph, resolution: float) -> list[int]:
    """The community of each node after all have moved as long as anything is gained by it."""
    weight = [sum(edges.values()) + edges.get(node, 0.0) for node, edges in enumerate(graph)]
    whole = sum(weight) or 1.0
    member = list(range(len(graph)))
    total = list(weight)  # of each community
    waiting, waits = deque(member), [True] * len(graph)
    while waiting:
        node = waiting.popleft()
        waits[node] = False
        home = member[node]
        links: dict[int, float] = {home: 0.0}
        for other, edge in graph[node].items():
            if other != node:
                links[member[other]] = links.get(member[other], 0.0) + edge
        total[home] -= weight[node]
        share = resolution * weight[node] / whole
        best = max(links, key=lambda one: (links[one] - share * total[one], one == home, -one))
        total[best] += weight[node]
        if best != home:
            member[node] = best
            for other in graph[node]:
                if member[other] != best and not waits[other]:
                    waiting.append(other)
                    waits[other] = True
    return member


def _joined(graph: Graph, member: Sequence[int]) -> tuple[Graph, dict[int, int]]:
    """The graph whose nodes are the communities, and the number of each there."""
    renumbered = {community: number for number, community in enumerate(sorted(set(member)))}
    joined: Graph = [{} for _ in renumbered]
    for node, edges in enumerate(graph):
        one = renumbered[member[node]]
        for other, edge in edges.items():
            two = renumbered[member[other]]
            # An edge inside is met from both its ends, a loop of a joined node once; a loop counts half of what is inside.
            joined[one][two] = joined[one].get(two, 0.0) + (edge / 2 if one == two and node != other else edge)
    return joined, renumbered


def _by_size(member: Sequence[int]) -> list[int]:
    sizes: dict[int, int] = {}
    for one in member:
        sizes[one] = sizes.get(one, 0) + 1
    order = sorted(sizes, key=lambda one: (-sizes[one], one))
    number = {one: place for place, one in enumerate(order)}
    return [number[one] for one in member]
