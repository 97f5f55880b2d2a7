"""Scores of the package, with and without Spark, against those that Flowsift itself wrote: check.py MODEL SCORED.csv [--spark]

SCORED.csv is what `flowsift score` wrote with that model. With Spark, also what `scale.py` checks of many rows, of a few."""

import sys
import tempfile

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet

import scale
from flowsift_score import Model

# As many rows as a batch in each tenth of either worker's takes.
FEW = 40_000


def texts(path):
    with csv.open_csv(path) as first:
        names = first.schema.names
    options = csv.ConvertOptions(column_types={name: pa.string() for name in names}, strings_can_be_null=False)
    return csv.read_csv(path, convert_options=options)


def main():
    model, table = Model(sys.argv[1]), texts(sys.argv[2])
    scores = table["anomaly_score"].to_numpy(zero_copy_only=False).astype(float)
    flags = table["anomaly"].to_numpy(zero_copy_only=False) == "1"
    raw = table.select([name for name in table.column_names if not name.startswith("anomaly")])
    close = 1e-12 if model.about["flowsift.detector"] != "autoencoder" else 1e-6 * max(1.0, np.abs(scores).max())

    def check(how, scored):
        off = np.abs(scored["anomaly_score"].to_numpy() - scores).max()
        other = int((scored["anomaly"].to_numpy(zero_copy_only=False) != flags).sum())
        print(f"{how}: {len(scores)} rows, off by {off:.1e} at most, {other} flags differ")
        assert off <= close and other == 0, how

    assert model.verify() <= close
    check("texts", model.score(raw))
    numbers = {name for name, is_number in model.columns.items() if is_number}
    typed = pa.table({
        name: pa.array(model._column(raw[name], True)[:, 0], pa.float32()) if name in numbers else raw[name]
        for name in raw.column_names
    })
    check("numbers", model.score(typed))
    try:
        model.score(raw.drop_columns([next(iter(model.columns))]))
        raise AssertionError("a column is missing, and nobody says so")
    except KeyError:
        pass
    if "--spark" in sys.argv:
        spark(sys.argv[1], raw, check)


def spark(file, raw, check):
    from flowsift_score.spark import score

    try:
        session = scale.session(batch=2000)
        session.range(10).repartition(2).count()
    except Exception as error:
        print(f"Spark cannot be started here, and is not checked: {str(error).splitlines()[0]}")
        return
    try:
        with tempfile.TemporaryDirectory() as folder:
            numbered = raw.append_column("row", pa.array(range(raw.num_rows), pa.int64()))
            parquet.write_table(numbered, f"{folder}/flows.parquet", row_group_size=4000)
            frame = session.read.parquet(f"{folder}/flows.parquet").repartition(4)
            scored = score(frame, file).select("row", "anomaly_score", "anomaly").toPandas().sort_values("row")
            check("spark", pa.Table.from_pandas(scored, preserve_index=False))
        if Model(file).about["flowsift.detector"] == "isolation_forest":
            scale.check(session, file, FEW)
    finally:
        session.stop()


if __name__ == "__main__":
    main()
