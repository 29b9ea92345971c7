"""What the practice reads in what people type: kindly, or refused with a reason."""

from __future__ import annotations

from typing import Any

from tests.browser.practice import run
from tests.browser.visits import OpenPage


def part(name: str, style: str, numbers: int, decimals: int = 0) -> dict[str, Any]:
    return {"name": name, "style": style, "numbers": numbers, "decimals": decimals}


def form(
    wanted: str, example: str, *parts: dict[str, Any], labelled: bool = False
) -> dict[str, Any]:
    return {"wanted": wanted, "example": example, "parts": list(parts), "labelled": labelled}


WHOLE = form("a whole number", "25", part("width", "number", 1))
SIZE = form("height × width", "28 × 36", part("shape", "shape", 2))
CROP = form(
    "a shape and a count",
    "3 × 20 × 30 and 1,500",
    part("shape", "shape", 3),
    part("parameters", "number", 1),
)
REACH = form(
    "the field and the jump",
    "field 6, jump 5",
    part("field", "number", 1),
    part("jump", "number", 1),
    labelled=True,
)
DECIMAL = form("a number", "0.123", part("response", "number", 1, 3))
LOGITS = form(
    "two numbers",
    "0.500 and −0.250",
    part("first logit", "number", 1, 3),
    part("second logit", "number", 1, 3),
)
PIXEL = form(
    "a response and a pixel",
    "0.123 and (4, 0)",
    part("response", "number", 1, 3),
    part("pixel", "places", 2),
)
PLACES = form("2 places", "(0, 0), (0, 1)", part("places", "places", 4))

READ = [
    (
        WHOLE,
        ["30", " 30 ", "30.", "+30", "30 pixels", "width = 30", "\uff13\uff10", "(30)", "030"],
        [30],
    ),
    (WHOLE, ["30 px", "it is 30", "W = 30", "30 weights in total", "30.0", "30.00"], [30]),
    (WHOLE, ["1168", "1,168", "1 168", "1\u00a0168", "1\u202f168", "1'168", "1’168"], [1168]),
    (WHOLE, ["38,535,168", "38 535 168"], [38535168]),
    (
        SIZE,
        ["13 × 6", "13x6", "13X6", "13*6", "13 6", "13,6", "13, 6", "[13, 6]", "(13,6)"],
        [13, 6],
    ),
    (SIZE, ["13 high, 6 wide", "H=13, W=6", "13 rows and 6 columns", "13 & 6", "13 | 6"], [13, 6]),
    (SIZE, ["13 by 6", "height 13, width 6", "13; 6", "13\t6", "{13, 6}", "13 · 6"], [13, 6]),
    (
        CROP,
        [
            "8 × 32 × 32 and 1,168",
            "8x32x32 1168",
            "8 32 32 1 168",
            "[8, 32, 32] 1168",
            "(8,32,32), 1,168",
            "8,32,32,1168",
            "8×32×32 with 1168 parameters",
            "shape 8 x 32 x 32, parameters: 1168",
        ],
        [8, 32, 32, 1168],
    ),
    (
        CROP,
        ["C=8, H=32, W=32, 608", "8 channels, 32 by 32, 608 weights and biases"],
        [8, 32, 32, 608],
    ),
    (CROP, ["torch.Size([8, 32, 32]) & 608"], [8, 32, 32, 608]),
    (CROP, ["8 320 320 608", "8,320,320,608", "8, 320, 320, 608"], [8, 320, 320, 608]),
    (REACH, ["7 2", "7, 2", "7,2", "field 7, jump 2", "Field: 7; Jump: 2", "7 and 2"], [7, 2]),
    (REACH, ["receptive field 7 px, jump 2 px", "RF 7, jump 2", "7×7, 2", "7 x 7 and 2"], [7, 2]),
    (REACH, ["7 72", "7 x 72"], [7, 72]),
    (DECIMAL, ["≈ 0.882", "= 0.882", "0.882 (new response)"], [0.882]),
    (DECIMAL, ["0.882", ".882", "0,882", "0.8820", " +0.882", "0.882."], [0.882]),
    (
        DECIMAL,
        ["-0.882", "−0.882", "\u20130.882", "- .882", "\uff0d0.882", "−0,882", "(−0.882)"],
        [-0.882],
    ),
    (DECIMAL, ["1,024", "1.024"], [1.024]),
    (DECIMAL, ["2"], [2]),
    (
        LOGITS,
        [
            "1.024 and −0.687",
            "1.024 -0.687",
            "1.024, -0.687",
            "1.024,-0.687",
            "[1.024, -0.687]",
            "1,024 -0,687",
            "1,024, -0,687",
            "1,024; −0,687",
            "1,024,-0,687",
            "logits: 1.024 and −0.687",
            "tensor([1.024, -0.687])",
            "1.024 and minus 0.687",
            "first 1.024, second -0.687",
        ],
        [1.024, -0.687],
    ),
    (LOGITS, ["1,2", "1 2"], [1, 2]),
    (LOGITS, ["1,5 2", "1.5,2", "1,5 and 2"], [1.5, 2]),
    (
        PIXEL,
        ["0.882 (1, 2)", "0.882 at (1, 2)", "0,882 at (1,2)", "0.882, 1, 2", "0.882 pixel (1 2)"],
        [0.882, 1, 2],
    ),
    (
        PLACES,
        [
            "(1, 1), (2, 3)",
            "(1,1)(2,3)",
            "[[1, 1], [2, 3]]",
            "1,1 2,3",
            "1 1 2 3",
            "(1;1) and (2;3)",
            "(1|1) (2|3)",
            "winners: (1, 1), (2, 3)",
        ],
        [1, 1, 2, 3],
    ),
    (
        PLACES,
        ["row 1 column 1, row 2 column 3", "row 1, col 1; row 2, col 3", "1, 1; 2, 3"],
        [1, 1, 2, 3],
    ),
]

REFUSED = [
    (WHOLE, "", "There is no answer yet."),
    (WHOLE, " \u3000 ", "There is no answer yet."),
    (WHOLE, "banana", "“banana” could not be read."),
    (WHOLE, "30 or 31", "“or” could not be read."),
    (WHOLE, "<img src=x onerror=alert(1)>", "“img” could not be read."),
    (WHOLE, "30 $", "“$” could not be read."),
    (WHOLE, "30 %", "“%” could not be read."),
    (WHOLE, "💥", "“💥” could not be read."),
    (WHOLE, "٣٠", "could not be read."),
    (WHOLE, "NaN", "“NaN” could not be read."),
    (WHOLE, "Infinity", "“Infinity” could not be read."),
    (WHOLE, "1e9", "“e” could not be read."),
    (WHOLE, "1/2", "“/” could not be read."),
    (WHOLE, "width", "“width” holds no number."),
    (WHOLE, "- -", "could not be read."),
    (WHOLE, "--5", "could not be read."),
    (WHOLE, "1.2.3", "“1.2.3” could not be read."),
    (WHOLE, "30 40", "That was read as 2 numbers, 30, 40; 1 is needed."),
    (WHOLE, "30,40", "That was read as 2 numbers, 30, 40; 1 is needed."),
    (WHOLE, "−30", "“−30” is no whole number from zero up."),
    (WHOLE, "30.5", "“30.5” is no whole number from zero up."),
    (WHOLE, "1.168", "“1.168” is no whole number from zero up."),
    (WHOLE, "9" * 20, "is too long a number."),
    (WHOLE, "9" * 301, "That is longer than 300 characters."),
    (WHOLE, "1" + ",111" * 60, "That was read as 61 numbers"),
    (WHOLE, "1," * 140, "That was read as 140 numbers"),
    (SIZE, "13", "That was read as 1 number, 13; 2 are needed."),
    (SIZE, "13 × 6 × 2", "That was read as 3 numbers, 13, 6, 2; 2 are needed."),
    (WHOLE, "30.000", "“30.000” is no whole number from zero up."),
    (SIZE, "width 6, height 13", "The height comes before the width here."),
    (SIZE, "6 columns, 13 rows", "The height comes before the width here."),
    (SIZE, "W=6 H=13", "The height comes before the width here."),
    (CROP, "32 high, 32 wide, 8 channels, 608", "The channel count comes before the height here."),
    (REACH, "jump 2, field 7", "The jump comes last here."),
    (REACH, "7 x 8, 2", "That was read as 3 numbers, 7, 8, 2; 2 are needed."),
    (LOGITS, "second -0.687, first 1.024", "The first logit comes before the second logit here."),
    (PLACES, "column 1 row 2, column 3 row 4", "The row comes before the column here."),
    (PIXEL, "0.882, column 1, row 2", "The row comes before the column here."),
    (CROP, "608 parameters, 8 × 32 × 32", "The parameters come last here."),
    (LOGITS, "1,2,3", "That may mean 1 and 2.3, or 1.2 and 3."),
    (PIXEL, "pixel (1, 2), 0.882", "The pixel comes last here."),
    (PIXEL, "0.882 at (1, 2, 3)", "“(1, 2, 3)” is no place: a place is a row and a column."),
    (PLACES, "(1, 1)", "That was read as 2 numbers, 1, 1; 4 are needed."),
    (PLACES, "(1, 1), (2)", "“(2)” is no place: a place is a row and a column."),
]

READ_ALL = """
    return argument.map(([form, typed]) => {
        const start = performance.now();
        const reading = answers.read(typed, form);
        return { ...reading, spent: performance.now() - start };
    });
"""


def test_reads_what_is_clear_and_refuses_what_is_not(open_page: OpenPage) -> None:
    page = open_page("glossary/").page
    clear = [(wanted, typed, numbers) for wanted, all_, numbers in READ for typed in all_]
    found: Any = run(page, READ_ALL, [[wanted, typed] for wanted, typed, _ in clear])
    read = [
        (typed, one.get("numbers", one)) for (_, typed, _), one in zip(clear, found, strict=True)
    ]
    assert read == [(typed, numbers) for _, typed, numbers in clear]

    found = run(page, READ_ALL, [[wanted, typed] for wanted, typed, _ in REFUSED])
    for (wanted, typed, reason), one in zip(REFUSED, found, strict=True):
        assert reason in one.get("refused", f"{typed!r} was read as {one}"), typed
        ending = f" Wanted: {wanted['wanted']}, such as {wanted['example']}."
        assert one["refused"].startswith("That may mean") or one["refused"].endswith(ending)
        assert one["spent"] < 1000, f"{typed[:40]} took {one['spent']} ms"


PROBLEM = {
    "form": PIXEL,
    "answer": [0.882, 1, 2],
    "mistakes": {
        "sign-lost": [0.822, 1, 2],
        "counted-from-one": [0.882, 2, 3],
        "rounded-thing": [0.88, 1, 2],
    },
}
WRONG = "wrong"


def test_judges_what_was_read(open_page: OpenPage) -> None:
    page = open_page("glossary/").page
    logits = {"form": LOGITS, "answer": [1.0, -0.687], "mistakes": {}}
    cases: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
        (PROBLEM, "0.882 (1, 2)", {"verdict": "right"}),
        (PROBLEM, "0.8820 (1, 2)", {"verdict": "right"}),
        (PROBLEM, "0.9 (1, 2)", {"verdict": "rounded", "decimals": 3}),
        (PROBLEM, "0.8820001 (1, 2)", {"verdict": WRONG, "mistakes": [], "right": ["pixel"]}),
        (
            PROBLEM,
            "0.88 (1, 2)",
            {"verdict": WRONG, "mistakes": ["rounded-thing"], "right": ["pixel"]},
        ),
        (
            PROBLEM,
            "0.822 (1, 2)",
            {"verdict": WRONG, "mistakes": ["sign-lost"], "right": ["pixel"]},
        ),
        (
            PROBLEM,
            "0.882 (2, 3)",
            {"verdict": WRONG, "mistakes": ["counted-from-one"], "right": ["response"]},
        ),
        (
            PROBLEM,
            "0.822 (2, 3)",
            {"verdict": WRONG, "mistakes": ["sign-lost", "counted-from-one"], "right": []},
        ),
        (PROBLEM, "0.822 (3, 3)", {"verdict": WRONG, "mistakes": [], "right": []}),
        (PROBLEM, "0.9 (2, 3)", {"verdict": WRONG, "mistakes": [], "right": []}),
        (logits, "1 and −0.687", {"verdict": "right"}),
        (logits, "1 and −0.69", {"verdict": "rounded", "decimals": 3}),
        (logits, "1 and 0.687", {"verdict": WRONG, "mistakes": [], "right": ["first logit"]}),
    ]
    places = {
        "form": PLACES,
        "answer": [1, 1, 2, 3],
        "mistakes": {"row-and-column-swapped": [1, 1, 3, 2]},
    }
    swapped = {"verdict": WRONG, "mistakes": ["row-and-column-swapped"], "right": []}
    cases += [
        (places, "(2, 3), (1, 1)", {"verdict": "right"}),
        (places, "(3, 2), (1, 1)", swapped),
        (places, "(1, 1), (1, 1)", {"verdict": WRONG, "mistakes": [], "right": []}),
    ]
    found: Any = run(
        page,
        "return argument.map(([problem, typed]) => "
        "answers.judge(answers.read(typed, problem.form), problem));",
        [[problem, typed] for problem, typed, _ in cases],
    )
    judged = [(typed, one) for (_, typed, _), one in zip(cases, found, strict=True)]
    assert judged == [(typed, wanted) for _, typed, wanted in cases]
