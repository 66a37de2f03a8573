"""Clean Parquet with Spark; with --learn, first learn from it what its sites repeat.

    spark-submit spark_job.py INPUT OUTPUT [--learn sites.db | --profile sites.db]

Without a cluster: python spark_job.py INPUT OUTPUT --master 'local[4]'. The workers need cleaner and pyarrow in the
Python that PYSPARK_PYTHON names.
"""

from __future__ import annotations

import argparse
import os
import sys

from pyspark.sql import SparkSession

from cleaner import Options, Profile
from cleaner.engines import spark as cleaner_spark


def main() -> None:
    """Run the job."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", help="Parquet with the columns text and url")
    parser.add_argument("output")
    parser.add_argument("--master", help="such as local[4]; without it, what spark-submit says")
    parser.add_argument("--profile", help="what `cleaner learn` wrote")
    parser.add_argument("--learn", metavar="PROFILE", help="learn first, write this profile and use it")
    parser.add_argument("--partitions", type=int, default=200, help="of the counts while learning (default 200)")
    args = parser.parse_args()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("cleaner")
    if args.master:
        builder = builder.master(args.master)
    builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "2000")
    spark = builder.config("spark.sql.shuffle.partitions", args.partitions).getOrCreate()
    pages = spark.read.parquet(args.input)
    if args.learn:
        print(cleaner_spark.learn(pages, args.learn, url_field="url"))
    path = args.learn or args.profile
    options = Options(profile=Profile.load(path) if path else None)
    cleaner_spark.clean(pages, options=options, url_field="url").write.parquet(args.output)
    spark.stop()


if __name__ == "__main__":
    main()
