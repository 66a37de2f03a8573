"""A real Spark on this machine, two workers."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from engine_cases import engine, expected, learn_here, options, records

from cleaner import Options
from cleaner.engines.job import Job
from cleaner.engines.shared import Shared
from cleaner.profile import Profile

if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Spark needs Java, and there is none", allow_module_level=True)
for library in ("pandas", "pyarrow", "pyspark"):
    engine(library, "spark")
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session that tries a task again, as clusters do."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "3",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }
    builder = SparkSession.builder.master("local[2,4]").appName("cleaner")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()
    del os.environ["PYSPARK_PYTHON"]


@pytest.fixture(scope="module")
def source(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The records as Parquet, in several files."""
    import pyarrow as pa
    import pyarrow.parquet

    folder = tmp_path_factory.mktemp("in")
    for n in range(4):
        rows = list(records()[n::4])
        pa.parquet.write_table(pa.Table.from_pylist(rows), folder / f"{n}.parquet")
    return folder


def collected(frame: Any) -> dict[str, Any]:
    """(body, spans) by id."""
    rows = [r.asDict(recursive=True) for r in frame.collect()]
    assert len(rows) == len(records())
    assert all(r["error"] is None for r in rows)
    return {r["id"]: (r["body"], r["spans"]) for r in rows}


def test_parquet_in_and_out(spark: Any, source: Path, tmp_path: Path) -> None:
    from cleaner.engines import spark as engine

    wanted = options(tmp_path)
    frame = spark.read.parquet(str(source))
    engine.clean(frame, options=wanted, url_field="url").write.parquet(str(tmp_path / "out"))
    again = spark.read.parquet(str(tmp_path / "out"))
    assert again.columns == [*frame.columns, "body", "spans", "removed_chars", "error"]
    assert collected(again) == expected(wanted)


def test_json_lines_in_and_out(spark: Any, source: Path, tmp_path: Path) -> None:
    from cleaner.engines import spark as engine

    spark.read.parquet(str(source)).write.json(str(tmp_path / "lines"))
    frame = spark.read.json(str(tmp_path / "lines"))
    engine.clean(frame).write.json(str(tmp_path / "out"))
    rows = [r.asDict(recursive=True) for r in spark.read.json(str(tmp_path / "out")).collect()]
    assert {r["id"]: (r["body"], r["spans"]) for r in rows} == expected()


def test_large_types_and_small_batches(spark: Any, source: Path) -> None:
    from cleaner.engines import spark as engine

    for name, value in (
        ("spark.sql.execution.arrow.useLargeVarTypes", "true"),
        ("spark.sql.execution.arrow.maxRecordsPerBatch", "7"),
    ):
        spark.conf.set(name, value)
    try:
        assert collected(engine.clean(spark.read.parquet(str(source)))) == expected()
    finally:
        spark.conf.unset("spark.sql.execution.arrow.useLargeVarTypes")
        spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")


def test_a_worker_that_dies_is_made_up_for(spark: Any, source: Path, tmp_path: Path) -> None:
    from cleaner.engines import spark as engine

    flag = str(tmp_path / "died")

    def dies(batches: Any) -> Any:
        for batch in batches:
            yield batch
            if not os.path.exists(flag):  # noqa: PTH110 - sent to the worker as it is
                open(flag, "w").close()  # noqa: PTH123
                os.kill(os.getpid(), signal.SIGKILL)

    frame = engine.clean(spark.read.parquet(str(source)))
    frame = frame.mapInArrow(dies, frame.schema)
    assert collected(frame) == expected()
    assert Path(flag).exists()


def test_options_reach_a_worker_once(spark: Any, source: Path, tmp_path: Path) -> None:
    job = Job(shared=Shared(options(tmp_path)))

    def which(batches: Any) -> Any:
        import pyarrow

        for _ in batches:
            found = {"process": [os.getpid()], "object": [id(job.shared.value)]}
            yield pyarrow.RecordBatch.from_pydict(found)

    frame = spark.range(0, 4000, numPartitions=16).mapInArrow(which, "process long, object long")
    rows = frame.collect()
    assert len(rows) >= 16
    assert len({r.process for r in rows}) == len({(r.process, r.object) for r in rows})
    assert len({r.process for r in rows}) < 16


def test_learn_writes_what_one_machine_writes(spark: Any, source: Path, tmp_path: Path) -> None:
    from cleaner.engines import spark as engine

    frame = spark.read.parquet(str(source))
    frame = frame.union(frame.limit(20))  # copies count once
    found = engine.learn(frame, str(tmp_path / "cluster.db"), url_field="url")
    assert found == learn_here(tmp_path / "here.db")
    dumps = []
    for name in ("cluster.db", "here.db"):
        file = sqlite3.connect(tmp_path / name)
        dumps.append(list(file.iterdump()))
        file.close()
    assert dumps[0] == dumps[1]
    profile = Profile.load(str(tmp_path / "cluster.db"))
    assert collected(engine.clean(frame.distinct(), options=Options(profile=profile), url_field="url")) == expected(
        Options(profile=profile)
    )


def test_learn_from_nothing(spark: Any, tmp_path: Path) -> None:
    from cleaner.engines import spark as engine

    frame = spark.createDataFrame([("x", None), (None, "a.example"), ("", "a.example")], "text string, site string")
    assert engine.learn(frame, str(tmp_path / "none.db"), site_field="site") == (0, 0, 0)
    assert Profile.load(str(tmp_path / "none.db")).sites == {}


def test_what_does_not_fit_is_said_before_the_job_begins(spark: Any, tmp_path: Path) -> None:
    from cleaner.engines import spark as engine

    frame = spark.createDataFrame([(1, "x")], "n int, body string")
    for field, message in (("text", "no column 'text'"), ("n", "'n' is no string"), ("body", "'body' already")):
        with pytest.raises(ValueError, match=message):
            engine.clean(frame, text_field=field)
    with pytest.raises(ValueError, match="which site is a page from"):
        engine.learn(frame, str(tmp_path / "x.db"), text_field="body")
    with pytest.raises(ValueError, match="no column 'url'"):
        engine.learn(frame, str(tmp_path / "x.db"), text_field="body", url_field="url")
    assert not (tmp_path / "x.db").exists()
