"""Clean Parquet with Ray Data.

    python ray_job.py INPUT OUTPUT [--actors 8] [--profile sites.db]

It joins the cluster that RAY_ADDRESS names, or starts one of this machine's cores.
"""

from __future__ import annotations

import argparse

import ray

from cleaner import Options, Profile
from cleaner.engines.ray import CleanBatches


def main() -> None:
    """Run the job."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", help="Parquet with the columns text and url")
    parser.add_argument("output")
    parser.add_argument(
        "--actors", type=int, default=2, help="processes that clean, at most as many as cores (default 2)"
    )
    parser.add_argument("--profile", help="what `cleaner learn` wrote")
    args = parser.parse_args()
    options = Options(profile=Profile.load(args.profile) if args.profile else None)
    pages = ray.data.read_parquet(args.input)
    cleaned = pages.map_batches(
        CleanBatches,
        fn_constructor_kwargs={"options": options, "url_field": "url"},
        batch_format="pyarrow",
        batch_size=1024,
        concurrency=args.actors,
        num_cpus=0.5,  # if each held a core, with as many actors as cores reading would wait for one for ever
    )
    cleaned.write_parquet(args.output)


if __name__ == "__main__":
    main()
