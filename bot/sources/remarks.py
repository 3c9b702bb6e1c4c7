"""What people would miss in a source."""

from collections.abc import Sequence

from bot.programme.source import SourcePaper, SourceSession
from bot.sources.problems import Problems, shown
from bot.sources.sound import called


def remark(sessions: Sequence[SourceSession], problems: Problems) -> None:
    """Add what is missing from sessions and papers, and what looks like a mistake."""
    for session in sessions:
        if not session.name.strip():
            problems.action("a session without a name", "A session without a name. Give it one.", session.line)
    papers = [paper for session in sessions for paper in session.papers]
    _missing("title", [paper for paper in papers if not (paper.title or "").strip()], len(papers), problems)
    _missing("authors", [paper for paper in papers if not paper.byline], len(papers), problems)
    _missing("abstract", [paper for paper in papers if not (paper.abstract or "").strip()], len(papers), problems)
    ids: set[str] = set()
    for paper in papers:
        if blank := sum(not name.strip() for name in paper.byline):
            problems.action(
                "a blank author slot",
                f"{called(paper)}: {blank} author {'slot is' if blank == 1 else 'slots are'} blank; shown as not "
                "named in the source.",
                paper.line,
            )
        if paper.source_id and paper.source_id in ids:
            problems.note(
                "an id that another paper has",
                f"{called(paper)}: another paper has the id “{shown(paper.source_id)}” too.",
                paper.line,
            )
        ids.add(paper.source_id or "")


def _missing(what: str, papers: Sequence[SourcePaper], total: int, problems: Problems) -> None:
    add = problems.note if what == "abstract" else problems.action
    if len(papers) == total > 1:
        add(f"no {what}", f"No paper has {'an' if what == 'abstract' else 'any'} {what}.")
        return
    for paper in papers:
        add(f"no {what}", f"{called(paper)} has no {what}; it is shown with what there is.", paper.line)
