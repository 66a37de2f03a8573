"""The example jobs run as they stand."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from engine_cases import engine, expected, learn_here, records

from cleaner import Options
from cleaner.profile import Profile

engine("pyarrow", "corpus")
pytestmark = pytest.mark.filterwarnings("ignore")
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("profile") / "sites.db"
    learn_here(path)
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The records, as Parquet and as JSON Lines."""
    import pyarrow as pa
    import pyarrow.parquet

    for name in ("parquet", "lines"):
        (tmp_path / name).mkdir()
    for n in range(3):
        rows = list(records()[n::3])
        pa.parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "parquet" / f"{n}.parquet")
        (tmp_path / "lines" / f"{n}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    return tmp_path


def job(name: str, *arguments: object) -> None:
    settings = {"PYTHONWARNINGS": "ignore", "SPARK_LOCAL_IP": "127.0.0.1", "RAY_USAGE_STATS_ENABLED": "0"}
    command = [sys.executable, str(EXAMPLES / name), *map(str, arguments)]
    done = subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr[-3000:]


def bodies(folder: Path) -> dict[str, Any]:
    """Bodies by id."""
    import pyarrow.dataset

    rows = pyarrow.dataset.dataset(folder, format="parquet").to_table(["id", "body"]).to_pylist()
    return {r["id"]: r["body"] for r in rows}


def wanted(profile: Path) -> dict[str, str]:
    return {k: body for k, (body, _) in expected(Options(profile=Profile.load(str(profile)))).items()}


def test_datatrove(source: Path, profile: Path) -> None:
    for library in ("datatrove", "orjson", "regex"):
        engine(library, "datatrove")
    job("datatrove_job.py", source / "lines", source / "out", "--profile", profile)
    files = (source / "out" / "clean").glob("*.gz")
    rows = [json.loads(line) for path in files for line in gzip.decompress(path.read_bytes()).splitlines()]
    assert {r["id"]: r["text"] for r in rows} == {k: v for k, v in wanted(profile).items() if v.strip()}
    assert len(list((source / "out" / "empty").glob("*.gz"))) >= 1


def test_spark(source: Path, profile: Path) -> None:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java, and there is none")
    for library in ("pandas", "pyspark"):
        engine(library, "spark")
    arguments = ("--master", "local[2]", "--learn", source / "sites.db", "--partitions", 4)
    job("spark_job.py", source / "parquet", source / "out", *arguments)
    assert Profile.load(str(source / "sites.db")) == Profile.load(str(profile))
    assert bodies(source / "out") == wanted(profile)


def test_ray(source: Path, profile: Path) -> None:
    for library in ("pandas", "ray"):
        engine(library, "ray")
    job("ray_job.py", source / "parquet", source / "out", "--profile", profile)
    assert bodies(source / "out") == wanted(profile)
