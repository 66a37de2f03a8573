"""The model file, and the arithmetic that makes results the same everywhere."""

from pathlib import Path

import numpy as np
import pytest

import cleaner
from cleaner import model, weights

FILE = Path(cleaner.__file__).parent / "data" / "model.bin"


def test_the_model_file_is_small_and_says_how_it_was_made() -> None:
    assert FILE.stat().st_size <= 8_000_000
    about = weights.read(FILE).about
    assert about["kinds"] == [str(k) for k in cleaner.KINDS]
    assert about["texts"] > 0
    assert about["recipe"]["epochs"] > 0


def test_it_is_read_once() -> None:
    assert model.load() is model.load()


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda raw: b"GIF89a" + raw, "not a model file"),
        (lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]), "damaged"),
        (lambda raw: raw[: len(raw) // 2], "damaged"),
        (lambda raw: raw[:14] + b"x" + raw[15:], "header"),
        (lambda raw: b"", "not a model file"),
    ],
)
def test_a_file_that_is_broken_is_refused_by_name(tmp_path: Path, damage, complaint: str) -> None:
    path = tmp_path / "broken.bin"
    path.write_bytes(damage(FILE.read_bytes()))
    with pytest.raises(weights.ModelError, match=complaint) as caught:
        weights.read(path)
    assert str(path) in str(caught.value)


def test_what_is_written_is_read_back_and_the_same_arrays_give_the_same_bytes(tmp_path: Path) -> None:
    arrays = {"a": np.arange(6, dtype=np.int16).reshape(2, 3), "b": np.zeros(0, np.float32)}
    for name in ("one.bin", "two.bin"):
        weights.write(tmp_path / name, arrays, {"note": "für Ada"})
    assert (tmp_path / "one.bin").read_bytes() == (tmp_path / "two.bin").read_bytes()
    back = weights.read(tmp_path / "one.bin")
    assert back.about == {"note": "für Ada"}
    assert all(np.array_equal(back.arrays[k], v) for k, v in arrays.items())


def test_no_sum_of_products_can_leave_the_range_in_which_float32_is_exact() -> None:
    arrays = weights.read(FILE).arrays
    for name, matrix in arrays.items():
        if not name.endswith(".matrix"):
            continue
        largest = arrays["high"] if ".enter." in name else np.full(len(matrix), model.TOP)
        bias = np.abs(arrays[name.replace(".matrix", ".bias")].astype(np.int64))
        reach = (np.abs(matrix.astype(np.int64)) * largest.astype(np.int64)[:, None]).sum(axis=0) + bias
        assert reach.max() < 1 << 24, name


def test_exponentials_and_calibration_never_go_the_wrong_way() -> None:
    arrays = weights.read(FILE).arrays
    exp, table = arrays["exp"].astype(np.int64), arrays["calibration"].astype(np.int64)
    assert exp[0] == 1 << 40
    assert (np.diff(exp) <= 0).all()
    assert (np.diff(table, axis=2) >= 0).all()
    assert table.max() <= 10_000


def test_a_long_document_is_scored_in_pieces_without_a_seam_in_the_spans() -> None:
    line = "The council voted on Tuesday to rebuild the old bridge over the river, after years of debate.\n"
    text = line * 20_000
    result = cleaner.segment(text)
    assert "".join(s.text for s in result.spans) == text
    assert result.removed == ()
