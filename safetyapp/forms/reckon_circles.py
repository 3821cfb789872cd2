"""Things that hang on one another, brought into an order: each after those it hangs on, circles together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def circles(things: Iterable[T], hangs_on: Mapping[T, Sequence[T]]) -> list[list[T]]:
    """The things in groups, each group after those it hangs on; one that is in no circle is a group of its own.

    Tarjan's strongly connected components, without recursion: a form may chain thousands.
    """
    number: dict[T, int] = {}
    lowest: dict[T, int] = {}
    stack: list[T] = []
    waiting: set[T] = set()
    found: list[list[T]] = []
    for start in things:
        if start in number:
            continue
        path: list[tuple[T, int]] = [(start, 0)]
        while path:
            thing, place = path.pop()
            if place == 0:
                number[thing] = lowest[thing] = len(number)
                stack.append(thing)
                waiting.add(thing)
            others = hangs_on.get(thing, ())
            if place:
                lowest[thing] = min(lowest[thing], lowest[others[place - 1]])
            descended = False
            for next_place in range(place, len(others)):
                other = others[next_place]
                if other not in number:
                    path.append((thing, next_place + 1))
                    path.append((other, 0))
                    descended = True
                    break
                if other in waiting:
                    lowest[thing] = min(lowest[thing], number[other])
            if descended:
                continue
            if lowest[thing] == number[thing]:
                group: list[T] = []
                while not group or group[-1] != thing:
                    group.append(stack.pop())
                    waiting.discard(group[-1])
                found.append(group)
    return found


def in_order(group: Sequence[T], hangs_on: Mapping[T, Sequence[T]]) -> list[T]:
    """A group in an order in which each comes after those it hangs on, as far as that is possible."""
    members = set(group)
    within = {thing: [o for o in hangs_on.get(thing, ()) if o in members] for thing in group}
    return [thing for part in circles(group, within) for thing in sorted(part, key=list(group).index)]


def way_round(group: Sequence[T], hangs_on: Mapping[T, Sequence[T]]) -> list[T]:
    """A shortest way round a circle that the group holds, its first thing again at the end."""
    members = set(group)
    start = group[0]
    came_from: dict[T, T] = {}
    queue = [start]
    for thing in queue:
        for other in hangs_on.get(thing, ()):
            if other == start:
                way = [start, thing] if thing != start else [start]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1] if thing != start else [start, start]
            if other in members and other not in came_from:
                came_from[other] = thing
                queue.append(other)
    return [start]
