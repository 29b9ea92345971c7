"""Compares what a snippet prints with what its page says it prints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from proof.execution import Run
from proof.numerals import Numeral, find_numerals, prints_as, same_within
from proof.values import named_numbers

SHOWN = 5  # differing lines in a diff


@dataclass(frozen=True)
class Token:
    """A word or a numeral of a line."""

    text: str
    start: int
    end: int
    numeral: Numeral | None = None


@dataclass(frozen=True)
class Difference:
    """A line of output that is not what is documented; none stands for a line not there.

    `pairs` are the tokens that differ, as documented and as printed.
    """

    line: int
    documented: str | None
    printed: str | None
    pairs: list[tuple[Token, Token]]


def differences(documented: str, printed: str, allowance: Decimal | None) -> list[Difference]:
    """Compare two outputs line by line; to the letter where there is no allowance.

    With one, words must be equal, numerals may differ by half a unit of the documented one's last
    digit plus the allowance, and the space between them does not count.
    """
    found = []
    lines = zip_longest(documented.splitlines(), printed.splitlines())
    for number, (expected, actual) in enumerate(lines, 1):
        if expected == actual:
            continue
        pairs: list[tuple[Token, Token]] = []
        if expected is not None and actual is not None:
            ours, theirs = tokens(expected), tokens(actual)
            if len(ours) == len(theirs):
                pairs = [
                    pair
                    for pair in zip(ours, theirs, strict=True)
                    if not _same(*pair, allowance=allowance)
                ]
                if not pairs and allowance is not None:
                    continue
        found.append(Difference(number, expected, actual, pairs))
    return found


def tokens(line: str) -> list[Token]:
    """Split a line into its numerals and the words between them."""
    found = []
    end = 0
    for numeral in [*find_numerals(line), Numeral("", len(line), len(line))]:
        for word in re.finditer(r"\S+", line[end : numeral.start]):
            found.append(Token(word[0], end + word.start(), end + word.end()))
        if numeral.text:
            found.append(Token(numeral.text, numeral.start, numeral.end, numeral))
        end = numeral.end
    return found


def _same(documented: Token, printed: Token, allowance: Decimal | None) -> bool:
    if documented.text == printed.text:
        return True
    if allowance is None or not documented.numeral or not printed.numeral:
        return False
    return same_within(documented.numeral, printed.numeral, allowance)


def diff(found: list[Difference]) -> str:
    """Show differing lines, with carets below what moved."""
    lines = []
    for difference in found[:SHOWN]:
        if difference.documented is not None:
            lines.append(f"- {difference.documented}")
        if difference.printed is not None:
            lines.append(f"+ {difference.printed}")
        if difference.pairs:
            marks = [" "] * max(printed.end for _, printed in difference.pairs)
            for _, printed in difference.pairs:
                marks[printed.start : printed.end] = "^" * (printed.end - printed.start)
            lines.append("  " + "".join(marks))
    if found[SHOWN:]:
        lines.append(f"and {len(found) - SHOWN} more lines")
    return "\n".join(lines)


def describe(difference: Difference, run: Run) -> str:
    """Say what is documented, and what was computed at full precision."""
    if difference.documented is None:
        return f"it is not documented, but {difference.printed!r} was printed"
    if difference.printed is None:
        return f"{difference.documented!r} is documented, but nothing was printed"
    if not difference.pairs:
        return f"{difference.documented!r} is documented, {difference.printed!r} was printed"
    documented, printed = difference.pairs[0]
    value = full_precision(printed.numeral, run, difference.line) if printed.numeral else ""
    return f"{documented.text} is documented, {printed.text} was computed{value}"


def full_precision(numeral: Numeral, run: Run, line: int) -> str:
    """Give ` (name = value)` for the value that a printed numeral shows only in part.

    A value that the printing line of the snippet names comes before others.
    """
    source = run.snippet.read_text("utf-8").splitlines()[run.printed_at[line - 1] - 1]
    named = set(re.findall(r"\w+", source))
    candidates = [
        (not named & set(re.findall(r"\w+", expression)), len(expression), expression, number)
        for expression, number in named_numbers(run.values)
        if prints_as(number, numeral) and str(number) != numeral.text
    ]
    if not candidates:
        return ""
    *_, expression, number = min(candidates)
    return f" ({expression} = {number!r})"
