"""A kept model: what it asks for, and rows -> scores."""

import json
import os

import numpy as np
import onnxruntime
import pyarrow as pa
import pyarrow.compute as pc

SCORE, ANOMALY = "anomaly_score", "anomaly"


class Model:
    """A model that is ready to score.

    `file` is a path or the file's bytes. `threads` is how many it may use for one batch; on a cluster, one.
    """

    def __init__(self, file, threads=None):
        options = onnxruntime.SessionOptions()
        if threads:
            options.intra_op_num_threads = threads
            options.inter_op_num_threads = threads
        file = file if isinstance(file, (bytes, bytearray)) else os.fspath(file)
        self.session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        self.about = self.session.get_modelmeta().custom_metadata_map
        if self.about.get("flowsift.format") != "1":
            raise ValueError("this is no model that Flowsift kept, or of a later format")
        self.missing = json.loads(self.about["flowsift.missing_words"])
        # Of nearest neighbours there is a number in memory for each row and each flow that it is compared with.
        self.batch = int(self.about.get("flowsift.batch", 0))
        # A model for older runtimes is given the classes of some columns' addresses: by the name of the input, the column.
        self.addresses = json.loads(self.about.get("flowsift.address_columns", "{}"))
        self.classes = json.loads(self.about.get("flowsift.address_classes", "[]"))
        inputs = {column.name: column.type == "tensor(float)" for column in self.session.get_inputs()}
        self.columns = {self.addresses.get(name, name): is_number for name, is_number in inputs.items()}

    def verify(self):
        """The greatest difference of the scores of the rows that came with the model from what they should be."""
        names, rows, scores = (json.loads(self.about[f"flowsift.verify.{part}"]) for part in ("columns", "rows", "scores"))
        table = pa.table({name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(names)})
        return float(np.abs(self.score(table)[SCORE].to_numpy() - np.array(scores)).max(initial=0.0))

    def _column(self, column, is_number):
        if isinstance(column, pa.ChunkedArray):
            column = column.combine_chunks()
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            text = pc.utf8_trim_whitespace(column)
            nothing = pc.or_kleene(pc.is_null(text), pc.is_in(text, value_set=pa.array(self.missing, text.type)))
            if is_number:
                text = pc.if_else(nothing, pa.scalar(None, text.type), text)
                return text.cast(pa.float64()).cast(pa.float32()).to_numpy(zero_copy_only=False).reshape(-1, 1)
            text = pc.if_else(nothing, pa.scalar("", text.type), text)
            return text.to_numpy(zero_copy_only=False).astype(object).reshape(-1, 1)
        if is_number:
            # By way of 64 bits: whole numbers are rounded once, as Flowsift does.
            return column.cast(pa.float64()).cast(pa.float32(), safe=False).to_numpy(zero_copy_only=False).reshape(-1, 1)
        return np.array(["" if value is None else str(value) for value in column.to_pylist()], dtype=object).reshape(-1, 1)

    def _classes(self, cells):
        """Which class each address is of: that of the first pattern that it is like as a whole, or none."""
        texts = pa.array(cells[:, 0], pa.string())
        classes = pa.array([""] * len(texts), pa.string())
        for name, pattern in reversed(self.classes):
            classes = pc.if_else(pc.match_substring_regex(texts, f"^(?:{pattern})$"), name, classes)
        return classes.to_numpy(zero_copy_only=False).astype(object).reshape(-1, 1)

    def _run(self, feed, first, rows):
        return self.session.run([SCORE, ANOMALY], {name: cells[first : first + rows] for name, cells in feed.items()})

    def score(self, table):
        """`table` (a pyarrow Table or RecordBatch, or a pandas DataFrame) with the columns anomaly_score and anomaly behind it.

        Columns that the model does not ask for are kept as they are. Raises KeyError where one is missing.
        """
        if not isinstance(table, (pa.Table, pa.RecordBatch)):
            table = pa.Table.from_pandas(table, preserve_index=False)
        lacking = [name for name in self.columns if name not in table.schema.names]
        if lacking:
            raise KeyError(f"the model compares {', '.join(lacking)}, which the table has not")
        if table.num_rows:
            feed = {name: self._column(table.column(name), is_number) for name, is_number in self.columns.items()}
            for name, column in self.addresses.items():
                feed[name] = self._classes(feed.pop(column))
            step = self.batch or table.num_rows
            parts = [self._run(feed, first, step) for first in range(0, table.num_rows, step)]
            scores, flags = (np.concatenate(part)[:, 0] for part in zip(*parts))
            added = pa.array(scores, pa.float64()), pa.array(flags, pa.bool_())
        else:
            added = pa.array([], pa.float64()), pa.array([], pa.bool_())
        columns = [table.column(name) for name in table.schema.names if name not in (SCORE, ANOMALY)]
        names = [name for name in table.schema.names if name not in (SCORE, ANOMALY)]
        make = pa.RecordBatch.from_arrays if isinstance(table, pa.RecordBatch) else pa.Table.from_arrays
        return make([*columns, *added], names=[*names, SCORE, ANOMALY])


def score(table, file):
    """`table` scored with the model in `file`: see `Model.score`."""
    return Model(file).score(table)
