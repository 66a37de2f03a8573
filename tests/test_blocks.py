"""Where units begin and where they do not."""

from itertools import pairwise

import numpy as np
import pytest

from cleaner.blocks import split
from cleaner.matcher import matcher


def units(text: str) -> list[str]:
    m = matcher()
    blocks = split(text, abbreviations=m.abbreviations, names=m.names)
    edges = np.append(blocks.start, len(text)).tolist()
    return [text[a:b] for a, b in pairwise(edges)]


@pytest.mark.parametrize(
    ("marked"),
    [
        "One. |Two! |Three? |Four",
        "It makes all the difference.|Belarus is set to move troops",
        "He left,” she said.|Sign up here for more",
        "said the minister.”|Subscribe today",
        "READ MORE: Other headline|The article goes on here",
        "Advertisement|The minister said on Tuesday",
        "これは本。|次は「何？」|それ。",
        "Это первая. |Это вторая!|Третья",
        "هذه جملة. |وهذه أخرى؟ |نعم",
        "यह वाक्य है। |यह दूसरा है।",
        "Πού πας; Εδώ. |Αυτό είναι",
        "First line\n|second line\n\n|third",
        "First\r\n|second\r|third\u2028|fourth",
        "  indented\n|\tnext",
        "\n\nfirst after blanks\n|second",
    ],
)
def test_units_begin(marked: str) -> None:
    assert units(marked.replace("|", "")) == marked.split("|")


@pytest.mark.parametrize(
    "text",
    [
        "The U.S.Army of Dr. Smith and J.R.R.Tolkien met",
        "Node.js costs 3.5 at www.Example.Com/Foo.Bar or me@Example.Org",
        "He waited… and waited... for it",
        "Mr. Brown, Mrs. Grey vs. St.Petersburg Inc. in court",
        "our YouTube channel and the iPhone of McDonald on eBay today",
        "Am 3. Oktober kam z.B. Herr Dr. Meier",
        "Follow @John.Smith and #SomeThing for more of it",
        "lower case. after a stop",
    ],
)
def test_nothing_is_cut(text: str) -> None:
    assert units(text) == [text]
