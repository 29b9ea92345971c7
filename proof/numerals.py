"""Numerals in a text: find them, read their value, print a value the way one stands there.

Standard library alone: the builder of the site and the reader's browser run this same file.
"""

import operator
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import SupportsFloat, SupportsIndex

Number = SupportsFloat | SupportsIndex

WORDS: list[str] = re.findall(
    "[a-z]+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty",
)

_SIGNS = "-+\u2212"  # hyphen-minus, plus, the minus sign proper

_DIGITS = r"""
    (?: (?<![0-9],) [1-9][0-9]{0,2} (?: (?:,[0-9]{3})+ | (?:_[0-9]{3})+ | (?:\{,\}[0-9]{3})+ )
        (?! [0-9] | ,[0-9] )                   # 38,535,424 is one numeral, 1,2,345 three
      | [0-9]+
    ) (?: \.[0-9]+ )?
  | (?<! [\w.] ) \.[0-9]+
"""

_IN_TEXT = re.compile(
    rf"""
    (?P<parts> [0-9]+ (?: \.[0-9]+ ){{2,}} )   # 2.13.0 is three numerals
  | (?P<numeral> (?: {_DIGITS} ) (?: [eE][-+\u2212]?[0-9]+ )? )
  | (?<= [0-9] ) x (?= [0-9] )                 # 3x3 is two numerals
  | _*[^\W\d_]\w*                             # Conv2d, float32, x1 are words
    """,
    re.VERBOSE,
)

_IN_FORMULA = re.compile(
    rf"""
    \\\\ \s* \[ [^\]]* \]                      # a line break and its extra space
  | \\[hv]space\*? \s* \{{ [^}}]* \}}
  | \\(?: text\w* | math(?:rm|tt) | operatorname\*? ) \s* \{{ (?P<text> [^{{}}]* ) \}}
  | (?: [\^_] | \\[dt]?frac\s*(?P<over>[0-9]) ) \s* (?P<argument>[0-9])  # TeX takes one digit
  | (?P<numeral> {_DIGITS} )
  | \\(?: [A-Za-z]+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)

# After these a sign in a text joins, as in 3-1 or ICLR-2021; elsewhere it is the numeral's.
_BEFORE_JOINING_SIGN = re.compile(r"[\w)\]}.%\u2019\u2212-]")
# Only after these a sign in a formula is the numeral's; elsewhere it adds or subtracts.
_BEFORE_SIGN = re.compile(
    r"(?:^|[(\[{=&,<>+*/^_]|\\\\|\\(?:q?quad|[lg]eq?|[lg]t|approx|to|in|times|cdot))\s*$"
)

_EXPONENT = re.compile(r"([eE])([-+\u2212]?)([0-9]+)$")
_SEPARATOR = re.compile(r"\{,\}|[,_]")

_WORD_FOR = {str(number): word for number, word in enumerate(WORDS)}
_WORD = re.compile(
    r"(?<!ty-)\b(?:" + "|".join(WORDS) + r")\b(?!(?<=twenty)-(?:" + "|".join(WORDS[1:10]) + r")\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Numeral:
    """A numeral as it stands in a text, from `start` to `end`."""

    text: str
    start: int
    end: int

    @property
    def value(self) -> Decimal:
        """The number that the numeral reads as."""
        if self.is_word:
            return Decimal(WORDS.index(self.text.lower()))
        return Decimal(re.sub(r"[{},_\s]", "", self.text).replace("\u2212", "-"))

    @property
    def decimals(self) -> int:
        """How many digits stand after the point."""
        return len(re.split(r"[eE]", self.text)[0].partition(".")[2])

    @property
    def is_word(self) -> bool:
        """Whether a word says the number."""
        return self.text[0].isalpha()


def find_numerals(text: str, *, words: bool = False) -> list[Numeral]:
    """Find the numerals of a plain text in order, number words too if `words` is set.

    A sign belongs to a numeral unless it joins it to what stands before: 3-1, ICLR-2021.
    """
    found = []
    for match in _IN_TEXT.finditer(text):
        if match["parts"]:
            found += [
                Numeral(part[0], match.start() + part.start(), match.start() + part.end())
                for part in re.finditer("[0-9]+", match["parts"])
            ]
        elif match["numeral"]:
            start, end = match.span("numeral")
            if (
                start
                and text[start - 1] in _SIGNS
                and (start == 1 or not _BEFORE_JOINING_SIGN.match(text[start - 2]))
            ):
                start -= 1
            found.append(Numeral(text[start:end], start, end))
    if words:
        found += [Numeral(match[0], *match.span()) for match in _WORD.finditer(text)]
        found.sort(key=lambda numeral: numeral.start)
    return found


def find_formula_numerals(formula: str) -> list[Numeral]:
    r"""Find the numerals of a LaTeX formula in order, in exponents and indices too.

    Letters are variables there: 2N and x2 hold a 2, but \text{Conv2d} is a word.
    """
    found = []
    for match in _IN_FORMULA.finditer(formula):
        if match["text"]:
            shift = match.start("text")
            found += [
                Numeral(part.text, part.start + shift, part.end + shift)
                for part in find_numerals(match["text"])
            ]
        elif match["argument"]:
            for name in ("over", "argument"):
                if match[name]:
                    found.append(Numeral(match[name], *match.span(name)))
        elif match["numeral"]:
            start, end = match.span("numeral")
            before = formula[:start].rstrip()
            if before.endswith(tuple(_SIGNS)) and _BEFORE_SIGN.search(before[:-1]):
                start = len(before) - 1
            found.append(Numeral(formula[start:end], start, end))
    return found


def format_like(value: Number, numeral: Numeral) -> str:
    """Print a value with as many digits after the point as a numeral, its grouping and sign style.

    Halves round as Python's format rounds the float itself. A value that rounds to zero has a
    minus only where the numeral is a zero with a minus.
    """
    try:
        exact: Decimal | float = Decimal(operator.index(value))  # type: ignore[arg-type]
    except TypeError:
        exact = float(value)
    # An integer is no negative zero, and of a Decimal the page's Python cannot take one away.
    no_zero = "" if isinstance(exact, Decimal) else "z"
    if numeral.is_word:
        digits = format(exact, f"{no_zero}.0f")
        word = _WORD_FOR.get(digits, digits)
        return word.capitalize() if numeral.text[0].isupper() else word
    sign = "+" if numeral.text[0] == "+" else ""
    if numeral.value or numeral.text[0] not in "-\u2212":
        sign += no_zero
    exponent = _EXPONENT.search(numeral.text)
    separator = _SEPARATOR.search(numeral.text)
    group = "," if separator else ""
    printed = format(exact, f"{sign}{group}.{numeral.decimals}{'e' if exponent else 'f'}")
    if separator:
        printed = printed.replace(",", separator[0])
    if exponent:
        mantissa, _, power = printed.partition("e")
        letter, power_sign, power_digits = exponent.groups()
        if power.startswith("-"):
            power_sign = power_sign.replace("+", "") or "-"
        elif power_sign != "+":
            power_sign = ""
        printed = f"{mantissa}{letter}{power_sign}{power[1:].lstrip('0').zfill(len(power_digits))}"
    if printed.startswith("-") and not numeral.text.startswith("-"):
        printed = "\u2212" + printed[1:]
    return printed


def prints_as(value: Number, numeral: Numeral) -> bool:
    """Whether a value, printed like the numeral, reads the same: 0.9 is not 0.90 of 0.904."""
    return format_like(value, numeral) == re.sub(r"\s", "", numeral.text)


def same_within(documented: Numeral, found: Numeral, allowance: Decimal) -> bool:
    """Whether two numerals differ by at most half a unit of the documented one's last digit.

    The allowance, in the same unit as the numerals, comes on top.
    """
    last_digit = Decimal(1).scaleb(int(documented.value.as_tuple().exponent))
    return abs(found.value - documented.value) <= last_digit / 2 + allowance
