"""Scoring on a Spark cluster.

    from flowsift_score.spark import score
    scored = score(flows, "office.flowsift.onnx")   # a DataFrame with anomaly_score and anomaly behind its columns

The model travels to the workers with the job. Each Python worker opens it once, however many batches it scores.
"""

import hashlib
import pathlib

_open = {}
# Models that a worker keeps open: one that lives for days scores with many, one after the other.
_MOST_OPEN = 4


def _model(file, digest):
    from .model import Model

    if digest not in _open:
        while len(_open) >= _MOST_OPEN:
            del _open[next(iter(_open))]
        _open[digest] = Model(file, threads=1)
    return _open[digest]


def score(frame, file):
    """A Spark DataFrame with the columns anomaly_score and anomaly behind its own."""
    return mapped(frame, file, lambda scored: scored, {})


def mapped(frame, file, through, more):
    """The same, with what `through` makes of the function from batches to scored batches, and the columns (name: type) that it adds."""
    from pyspark.sql.types import BooleanType, DoubleType, StructType

    file = pathlib.Path(file).read_bytes()
    digest = hashlib.sha256(file).hexdigest()
    names = frame.columns

    def scored(batches):
        model = _model(file, digest)
        for batch in batches:
            yield model.score(batch.rename_columns(names))

    kept = [field for field in frame.schema.fields if field.name not in ("anomaly_score", "anomaly")]
    schema = StructType(kept).add("anomaly_score", DoubleType()).add("anomaly", BooleanType())
    for name, kind in more.items():
        schema = schema.add(name, kind)
    # Spark takes a dot in a name (`Flow.Duration`) for a part of a column: on the way, columns are numbered.
    return frame.toDF(*[f"c{place}" for place in range(len(names))]).mapInArrow(through(scored), schema)
