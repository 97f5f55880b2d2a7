"""flowsift-score MODEL IN OUT: Parquet or CSV in, the same with anomaly_score and anomaly out."""

import argparse
import sys

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet

from .model import Model


def batches(path, model):
    if path.endswith(".parquet"):
        yield from parquet.ParquetFile(path).iter_batches()
        return
    # As text: words for missing values are the model's to tell.
    with csv.open_csv(path, read_options=csv.ReadOptions(block_size=8 << 20)) as first:
        names = first.schema.names
    texts = csv.ConvertOptions(column_types={name: pa.string() for name in names}, strings_can_be_null=False)
    with csv.open_csv(path, read_options=csv.ReadOptions(block_size=8 << 20), convert_options=texts) as reader:
        yield from reader


def main():
    parser = argparse.ArgumentParser(prog="flowsift-score", description=__doc__)
    parser.add_argument("model", help="a file that ends in .flowsift.onnx")
    parser.add_argument("input", help="flows: .parquet, or else CSV")
    parser.add_argument("output", help="where to: .parquet, or else CSV")
    chosen = parser.parse_args()
    try:
        model = Model(chosen.model)
        off = model.verify()
        if off > 1e-4:
            raise ValueError(f"flows that came with the model score {off} otherwise than they should: the file or the runtime is broken")
        writer = None
        for batch in batches(chosen.input, model):
            scored = model.score(batch)
            if writer is None:
                make = parquet.ParquetWriter if chosen.output.endswith(".parquet") else csv.CSVWriter
                writer = make(chosen.output, scored.schema)
            writer.write_batch(scored)
        if writer is None:
            raise ValueError("there are no flows")
        writer.close()
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        sys.exit(f"flowsift-score: {error}")


if __name__ == "__main__":
    main()
