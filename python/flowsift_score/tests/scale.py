"""Many rows, made and scored on Spark: whether all of them have their scores, and whether the workers' memory grows.

    scale.py MODEL ROWS"""

import json
import sys
import time

import numpy as np
import pyarrow as pa

from flowsift_score import Model

ROWS_PER_PARTITION = 100_000
# By how much the later tenths of a worker's rows may take more memory than the first: an allocator's pools, no leak.
MORE, MORE_MB = 0.05, 8


def session(batch=10_000):
    """Spark with two workers; batches of at most so many rows."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "2").config("spark.log.level", "ERROR").config("spark.ui.showConsoleProgress", "false")
    return builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", str(batch)).getOrCreate()


def flows(session, model, rows, partitions):
    """Flows that Spark makes of their numbers alone: amounts as far apart as in the rows that came with the model, most of them
    small, one of 16 missing; half of the texts are those of such a row, the others are addresses that are never the same."""
    from pyspark.sql import functions as f

    names, kept = (json.loads(model.about[f"flowsift.verify.{part}"]) for part in ("columns", "rows"))

    def cell(place, name):
        draw = f.pmod(f.xxhash64(f.col("id"), f.lit(place)), f.lit(1 << 24))
        cells = [row[names.index(name)] for row in kept]
        if model.columns[name]:
            known = [float(cell) for cell in cells if cell is not None] or [0.0, 1.0]
            amount = f.floor(f.lit(min(known)) + f.lit(max(known) - min(known)) * f.pow(draw / float(1 << 24), f.lit(4)))
            return f.when(draw % 16 != 0, amount.cast("double")).alias(name)
        texts = f.array(*(f.lit(text) for text in sorted({cell or "" for cell in cells})))
        parts = (f.shiftright(draw, shift).bitwiseAND(f.lit(255)) for shift in (16, 8, 0))
        other = f.concat_ws(".", f.lit("10"), *parts)
        return f.when(draw % 2 == 0, f.get(texts, (draw / 2).cast("int") % f.size(texts))).otherwise(other).alias(name)

    numbered = session.range(0, rows, 1, partitions)
    return numbered.select("id", *(cell(place, name) for place, name in enumerate(model.columns)))


def watched(scored):
    """Batches with the process that scored them, when, and the memory that it has then, in bytes."""

    def watch(batches):
        import os

        page = os.sysconf("SC_PAGE_SIZE")
        for batch in scored(batches):
            with open("/proc/self/statm") as memory:
                held = int(memory.read().split()[1]) * page
            added = [os.getpid(), time.time_ns(), held]
            columns = [pa.array(np.full(batch.num_rows, value), pa.int64()) for value in added]
            yield pa.RecordBatch.from_arrays([*batch.columns, *columns], names=[*batch.schema.names, "process", "time", "held"])

    return watch


def tenths(batches):
    """The most memory that any worker had in each tenth of its rows, in MB. `batches`: (process, time, rows, held)."""
    most = [0.0] * 10
    for process in {batch[0] for batch in batches}:
        own = sorted((time, rows, held) for of, time, rows, held in batches if of == process)
        whole, done = sum(rows for _, rows, _ in own), 0
        for _, rows, held in own:
            place = 10 * done // whole
            most[place] = max(most[place], held / 1e6)
            done += rows
    return most


def check(session, file, rows):
    from pyspark.sql import functions as f
    from pyspark.sql.types import LongType

    from flowsift_score.spark import mapped

    model = Model(file)
    partitions = max(4, -(-rows // ROWS_PER_PARTITION))
    frame = flows(session, model, rows, partitions)
    some = f.col("id") % max(1, rows // 1000) == 0
    begun = time.perf_counter()
    scored = mapped(frame, file, watched, {"process": LongType(), "time": LongType(), "held": LongType()})
    # All columns come back from Python, as they do where they are written.
    counted = scored.groupBy("process", "time").agg(
        f.count("*").alias("rows"),
        f.max("held").alias("held"),
        f.count_if("anomaly").alias("anomalies"),
        f.count_if(f.col("anomaly_score").between(0.0, 1e300)).alias("sound"),
        f.collect_list(f.when(some, f.struct("id", "anomaly_score"))).alias("some"),
    ).collect()
    took = time.perf_counter() - begun

    raw = frame.where(some).orderBy("id").toPandas()
    own = model.score(pa.Table.from_pandas(raw, preserve_index=False))["anomaly_score"].to_numpy()
    others = np.array([score for _, score in sorted(pair for batch in counted for pair in batch.some)])
    off = np.abs(own - others).max() if len(own) == len(others) else np.inf

    most = tenths([(batch.process, batch.time, batch.rows, batch.held) for batch in counted])
    workers = len({batch.process for batch in counted})
    anomalies = sum(batch.anomalies for batch in counted)
    print(
        f"spark: {rows:,} rows, {len(model.columns)} columns, {partitions} partitions, {workers} workers: {took:.0f} s, "
        f"{rows / took:,.0f} rows/s, {anomalies:,} anomalies, {len(own)} scores off by {off:.1e} at most"
    )
    print("  the most memory of a worker, MB by tenth of its rows: " + " ".join(f"{held:.0f}" for held in most))
    assert sum(batch.rows for batch in counted) == rows == sum(batch.sound for batch in counted), "rows are lost, or have no score"
    assert off <= 1e-12, "scores are others than outside of Spark"
    assert 0 < anomalies < rows
    assert max(most[1:]) <= most[0] * (1 + MORE) + MORE_MB, "memory grows with the rows"


if __name__ == "__main__":
    spark = session()
    try:
        check(spark, sys.argv[1], int(sys.argv[2]))
    finally:
        spark.stop()
