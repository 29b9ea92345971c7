"""How far the labs' numbers move: `python -m labs.measure` prints what allowances.yml declares.

Each notebook runs with the documented seeds on this machine's GPU or, where there is none, on
other instruction sets of the processor, whose sums come out otherwise in the last bit; and then
with other seeds.
"""

import re
from decimal import Decimal
from pathlib import Path

import torch

from proof.notebooks.execution import notebook_paths, run
from proof.notebooks.outputs import documented, printed
from proof.numerals import find_numerals

# ATen's own kernels, and those of oneDNN, which computes the convolutions.
INSTRUCTION_SETS = [
    {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41"},
    {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "AVX"},
]
SEEDS = re.compile(r"^seeds = \[(.*)\]$", re.MULTILINE)


def main() -> None:
    """Print the largest difference of each cell's numbers from the documented ones."""
    gpu = torch.accelerator.current_accelerator(check_available=True)
    where, environments = (gpu, [{}]) if gpu else ("instruction sets", INSTRUCTION_SETS)
    for path in notebook_paths():
        source = path.read_text("utf-8")
        print(f"{path.stem}: {where}", largest(path, source, environments))
        print(f"{path.stem}: other seeds", largest(path, SEEDS.sub(_others, source), [{}]))


def largest(path: Path, source: str, environments: list[dict[str, str]]) -> dict[str, str]:
    """Run a notebook in each environment; give the largest difference of each cell."""
    found: dict[str, Decimal] = {}
    for environment in environments:
        texts = printed(run(path, source, **environment))
        for title, expected in documented(path).items():
            ours, theirs = (
                find_numerals(re.sub(r"seed \d+", "seed", text))
                for text in (expected, texts[title])
            )
            moved = max(abs(a.value - b.value) for a, b in zip(ours, theirs, strict=True))
            found[title] = max(moved, found.get(title, moved))
    return {title: str(moved) for title, moved in found.items() if moved}


def _others(match: re.Match[str]) -> str:
    seeds = [int(seed) for seed in match[1].split(",")]
    return f"seeds = {[seed + len(seeds) for seed in seeds]}"


if __name__ == "__main__":
    main()
