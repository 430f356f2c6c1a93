"""Write golden_pdqhash.json with the reference (`pdqhash`, of the bench extra).

Run from the root of the repository: `python -m tests.fingerprints.make_golden`.
"""

import json

import numpy as np
import pdqhash
from tests.fingerprints.golden import GOLDEN_FILE, picture, recipes


def main() -> None:
    """Hash every recipe with the reference and write one line for each."""
    lines = []
    for recipe in recipes():
        bits, quality = pdqhash.compute(picture(recipe))
        lines.append(json.dumps({**recipe, "value": np.packbits(bits).tobytes().hex(), "quality": quality}))
    text = '{"version": 1, "reference": "pdqhash 0.2.8", "hashes": [\n' + ",\n".join(lines) + "\n]}\n"
    GOLDEN_FILE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
