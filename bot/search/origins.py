"""Which papers of a programme are as they were in another one."""

from itertools import count

import numpy as np

from bot.programme.model import Paper, Programme
from bot.search.flat import Ints


def origins(programme: Programme, before: Programme) -> Ints:
    """Return the place before of each paper, or -1 where anything of it that is searched is another."""
    places = {key: place for place, key in enumerate(before.papers)}
    tracks, tracks_before = _tracks(programme), _tracks(before)
    same_tracks = tracks == tracks_before
    # Most papers are the very ones that they were, and in the same places: only for others one need look.
    papers_before = {key: paper for key, paper in before.papers.items()}  # noqa: C416 - in one go it would hold others up
    in_order = list(papers_before.values())

    def origin(place: int, paper: Paper) -> int:
        if same_tracks and place < len(in_order) and in_order[place] is paper:
            return place
        was = papers_before.get(paper.key)
        if was is None or not _are_searched_alike(paper, was):
            return -1
        if (
            paper.track
            or (paper is was and same_tracks)
            or [tracks[session] for session in paper.session_keys]
            == [tracks_before[session] for session in was.session_keys]
        ):
            return places[paper.key]
        return -1

    return np.fromiter(map(origin, count(), programme.papers.values()), np.int32, count=len(programme.papers))


def _tracks(programme: Programme) -> dict[str, str | None]:
    return {session.key: session.track for session in programme.sessions}


def _are_searched_alike(paper: Paper, other: Paper) -> bool:
    """Compare two papers of the same key, but for the tracks of their sessions."""
    return paper is other or (
        paper.label == other.label
        and paper.abstract == other.abstract
        and paper.byline == other.byline
        and paper.topics == other.topics
        and (paper.track, paper.kind, paper.kind_name) == (other.track, other.kind, other.kind_name)
        and (
            paper.appearances == other.appearances
            or [one.board for one in paper.appearances] == [one.board for one in other.appearances]
        )
    )
