"""A real Ray on this machine, two actors."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from engine_cases import engine, expected, options, records

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
for library in ("pandas", "pyarrow", "ray"):
    engine(library, "ray")
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    import ray as library

    library.init(
        num_cpus=3, include_dashboard=False, log_to_driver=False, logging_level="ERROR", object_store_memory=1 << 28
    )
    library.data.DataContext.get_current().enable_progress_bars = False
    yield library
    library.shutdown()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The records as Parquet, in several files."""
    import pyarrow as pa
    import pyarrow.parquet

    folder = tmp_path_factory.mktemp("in")
    for n in range(4):
        pa.parquet.write_table(pa.Table.from_pylist(list(records()[n::4])), folder / f"{n}.parquet")
    return folder


def collected(folder: Path) -> dict[str, Any]:
    """(body, spans) by id of what was written."""
    import pyarrow.dataset

    rows = pyarrow.dataset.dataset(folder, format="parquet").to_table().to_pylist()
    assert len(rows) == len(records())
    return {r["id"]: (r["body"], r["spans"]) for r in rows}


def test_parquet_in_and_out(ray: Any, source: Path, tmp_path: Path) -> None:
    from cleaner.engines.ray import CleanBatches

    wanted = options(tmp_path)
    dataset = ray.data.read_parquet(str(source)).map_batches(
        CleanBatches,
        fn_constructor_kwargs={"options": wanted, "url_field": "url"},
        batch_format="pyarrow",
        batch_size=16,
        concurrency=2,
    )
    dataset.write_parquet(str(tmp_path / "out"))
    assert collected(tmp_path / "out") == expected(wanted)


def test_json_lines_and_a_plain_function(ray: Any, tmp_path: Path) -> None:
    """An instance can be sent too; its options are unpacked once in each process."""
    import json

    from cleaner.engines.ray import CleanBatches

    (tmp_path / "in.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records()), "utf-8")
    dataset = ray.data.read_json(str(tmp_path / "in.jsonl"))
    rows = dataset.map_batches(CleanBatches().__call__, batch_format="pyarrow").take_all()
    assert {r["id"]: (r["body"], [dict(s) for s in r["spans"]]) for r in rows} == expected()


def test_a_worker_that_dies_is_made_up_for(ray: Any, source: Path, tmp_path: Path) -> None:
    from cleaner.engines.ray import CleanBatches

    flag = str(tmp_path / "died")

    class Dies(CleanBatches):
        def __call__(self, table: Any) -> Any:
            if not os.path.exists(flag):  # noqa: PTH110 - sent to the worker as it is
                open(flag, "w").close()  # noqa: PTH123
                os.kill(os.getpid(), signal.SIGKILL)
            return super().__call__(table)

    dataset = ray.data.read_parquet(str(source)).map_batches(Dies, batch_format="pyarrow", batch_size=16, concurrency=2)
    dataset.write_parquet(str(tmp_path / "out"))
    assert Path(flag).exists()
    assert collected(tmp_path / "out") == expected()
