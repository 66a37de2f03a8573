"""Write `cleaner/data/cues.json` from the packs in `cleaner/data/cues/*.toml`, after checking them.

python training/build_cues.py            # write
python training/build_cues.py --check    # exit 1 when the file does not say what the packs say
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from cleaner.cues import CueError, CuePack

DATA = Path(__file__).parent.parent / "cleaner" / "data"


def built() -> str:
    """The text of cues.json."""
    packs = [asdict(CuePack.load(p)) for p in sorted((DATA / "cues").glob("*.toml"))]
    return json.dumps({"packs": packs}, ensure_ascii=False, separators=(",", ":")) + "\n"


def main(argv: list[str]) -> int:
    """Write or check."""
    target = DATA / "cues.json"
    try:
        text = built()
    except CueError as e:
        print(e, file=sys.stderr)
        return 1
    if "--check" in argv:
        if not target.exists() or target.read_text("utf-8") != text:
            print("cues.json is not up to date: run python training/build_cues.py", file=sys.stderr)
            return 1
        return 0
    target.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
