"""What a source holds and what became of it, in numbers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.programme.build import author_key
from bot.programme.names import display_name
from bot.programme.source import Source
from bot.sources.reading.file import Account


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of one source, or of several that were joined.

    Each record became a contribution or a session, completed one that was there already, or was left out:
    `records` is `contributions + session_records + merged + sum(left_out.values())`.

    Attributes:
        records: how many entries there are: papers, talks, events, rows.
        contributions: how many papers or talks there are, each counted once: of several files for the one that has it
            first.
        session_records: how many entries are a session, or say something of one, and are no paper. Many formats have
            none of these and many sessions, which their papers name.
        sessions: how many sessions there are.
        appearances: how often a paper is in a session.
        people: how many different authors there are: by the source's identifiers of people, or else by the programme's
            key of a name.
        author_slots: how many authors all papers have together, also those whose names are blank.
        timed_sessions: how many sessions have a time.
        rooms: how many different rooms sessions and appearances have.
        links: how many links the source lists for papers and sessions, without their own pages, recordings and files.
        merged: how many entries completed a paper that another entry had brought, of the same file or another one.
        left_out: how many entries were left out, by the reason.
    """

    records: int
    contributions: int
    session_records: int
    sessions: int
    appearances: int
    people: int
    author_slots: int
    timed_sessions: int
    rooms: int
    links: int
    merged: int
    left_out: Mapping[str, int]


def count(source: Source, account: Account) -> Counts:
    """Count what a source holds.

    Args:
        source: the source.
        account: what became of the records it was made of.
    """
    appearances = [one for session in source.sessions for one in session.appearances]
    authors = {(author.identifier, author.name) for paper in source.papers for author in paper.authors}
    people = {number or author_key(shown) for number, name in authors if (shown := display_name(name))}
    rooms = [session.room for session in source.sessions] + [one.room for one in appearances]
    links = [paper.links for paper in source.papers] + [session.links for session in source.sessions]
    return Counts(
        records=account.records,
        contributions=account.papers,
        session_records=account.sessions,
        sessions=len(source.sessions),
        appearances=len(appearances),
        people=len(people),
        author_slots=sum(len(paper.authors) for paper in source.papers),
        timed_sessions=len([session for session in source.sessions if session.starts_at]),
        rooms=len({" ".join(room.split()) for room in rooms if room and room.strip()}),
        links=sum(link.listed for held in links for link in held),
        merged=account.merged,
        left_out=dict(account.left_out),
    )


def together(accounts: Sequence[Account]) -> Account:
    """Add up what became of the records of several sources."""
    left_out: Counter[str] = Counter()
    for account in accounts:
        left_out.update(account.left_out)
    return Account(
        records=sum(account.records for account in accounts),
        papers=sum(account.papers for account in accounts),
        sessions=sum(account.sessions for account in accounts),
        merged=sum(account.merged for account in accounts),
        left_out=left_out,
    )
