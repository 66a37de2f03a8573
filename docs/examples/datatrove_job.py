"""Clean JSON Lines with datatrove, all cores of this machine.

    python datatrove_job.py INPUT_FOLDER OUTPUT_FOLDER [--tasks 100] [--workers 8] [--profile sites.db]

Started again after a crash it goes on: tasks that were done are not done again. On a Slurm cluster the same pipeline
goes to SlurmPipelineExecutor.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy comes in: the workers are the parallelism

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

from cleaner import Options, Profile
from cleaner.engines.datatrove import CleanText


def main() -> None:
    """Run the job."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input")
    parser.add_argument("output", type=Path)
    parser.add_argument("--tasks", type=int, default=4, help="files are dealt out to so many tasks (default 4)")
    parser.add_argument("--workers", type=int, default=2, help="tasks at the same time (default 2)")
    parser.add_argument("--profile", help="what `cleaner learn` wrote")
    args = parser.parse_args()
    options = Options(profile=Profile.load(args.profile) if args.profile else None)
    pipeline = [
        JsonlReader(args.input),
        CleanText(options, drop_empty=True, exclusion_writer=JsonlWriter(str(args.output / "empty"))),
        JsonlWriter(str(args.output / "clean")),
    ]
    LocalPipelineExecutor(pipeline, tasks=args.tasks, workers=args.workers, logging_dir=str(args.output / "logs")).run()


if __name__ == "__main__":
    main()
