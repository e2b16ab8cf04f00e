"""`reports`: the cards that you said are wrong."""

from __future__ import annotations

from pathlib import Path

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, put, say


@click.command()
@click.option("--markdown", is_flag=True, help="Print an issue text for the decks' authors.")
@click.option("--settle", "settled", metavar="CARD", help="Take back what you reported of a card.")
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def reports(
    invocation: Invocation, markdown: bool, settled: str | None, as_json: bool, decks: tuple[Path, ...]
) -> None:
    """List the cards that you reported as wrong in a review (`w`), each with its reasons and where it is written."""
    from nlpcards.collection.reported import as_issue, reported_cards, settle
    from nlpcards.core.days import date_of
    from nlpcards.core.words import count

    if settled is not None:
        with invocation.open(decks) as collection:
            say(f"Settled: {settle(collection, settled)}.")
        return
    with invocation.open(decks, read_only=True) as collection:
        found = reported_cards(collection)
    if as_json:
        print_json(
            [
                {
                    "card": each.id,
                    "question": each.question or None,
                    "path": each.card.note.place.path if each.card is not None else None,
                    "line": each.card.note.place.line if each.card is not None else None,
                    "edited_since": each.changed,
                    "reports": [{"on": str(date_of(report.day)), "reason": report.reason} for report in each.reports],
                }
                for each in found
            ]
        )
        return
    if not found:
        say("No card is reported. In a review, w says that a card is wrong.")
        return
    if markdown:
        put(as_issue(found))
        return
    for each in found:
        put(f"{each.id}   {each.place or 'its note is gone'}")
        if each.question:
            put(f"  {each.question}")
        for report in each.reports:
            put(f"  {date_of(report.day)}: {report.reason}")
        if each.changed:
            put("  The card was edited since.")
    say(f"{count(len(found), 'card')}. When one is mended: nlpcards reports --settle CARD")
