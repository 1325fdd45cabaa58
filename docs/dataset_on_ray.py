"""Makes a data set on Ray, each shard a task, and checks that the shards together are what a single run makes.

Usage: python dataset_on_ray.py DIGITLAB RECIPE SHARDS OUT

DIGITLAB  the command line, such as target/release/digitlab
RECIPE    a recipe in JSON with a seed, the format webdataset, and items_per_file, which says how many tar files there are
SHARDS    how many tasks the work is divided into
OUT       a folder that every machine reaches; OUT/shards gets the shards' files, OUT/single those of the single run

On one machine this starts Ray by itself, with a worker for each core and at least two. On a cluster, let RAY_ADDRESS name
it; DIGITLAB and its bucket must lie at the same place on every machine. Needs `pip install ray`.

Shards need not know of each other: item k hangs on the recipe and k alone, and shard i of n has the files whose number is
i modulo n. So a task that fails is just run again, anywhere, and goes on where it stopped.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import ray


def run(program, recipe, out, *options):
    command = [program, "dataset", "--recipe", recipe, "--out", out, "--json", "--quiet", *options]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)


# A task for each core: the command line is told to use one, too.
@ray.remote(num_cpus=1, max_retries=3, retry_exceptions=True)
def make_shard(program, recipe, out, shard):
    return run(program, recipe, out, "--shard", shard, "--workers", 1)["items"], os.getpid()


def hashes(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.tar"))}


def main():
    program, recipe = (Path(given).resolve() for given in sys.argv[1:3])
    shards, out = int(sys.argv[3]), Path(sys.argv[4]).resolve()
    if "RAY_ADDRESS" in os.environ:
        ray.init()
    else:
        ray.init(num_cpus=max(2, os.cpu_count()), include_dashboard=False)

    start = time.perf_counter()
    tasks = [make_shard.remote(program, recipe, out / "shards", f"{shard}/{shards}") for shard in range(shards)]
    results = ray.get(tasks)
    items, workers = sum(items for items, _ in results), len({worker for _, worker in results})
    print(f"{shards} shards, {items} items by {workers} Ray workers in {time.perf_counter() - start:.1f} s")

    start = time.perf_counter()
    run(program, recipe, out / "single")
    print(f"a single run in {time.perf_counter() - start:.1f} s")

    union, single = hashes(out / "shards"), hashes(out / "single")
    different = sorted(name for name in union.keys() | single.keys() if union.get(name) != single.get(name))
    if different or not single:
        sys.exit(f"the shards are not the single run: {', '.join(different) or 'there are no tar files'}")
    print(f"{len(single)} tar files: the union of the shards is the single run, hash by hash")


if __name__ == "__main__":
    main()
