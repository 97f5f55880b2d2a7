"""Times the reading of a file's number columns into float32.

`python parse.py PEER FILE.csv RUNS`, with `{"names": [...], "numeric": [...]}` (unique names, indices of number columns) on
standard input, prints one line of JSON. Columns of text are left out.
"""

import json
import sys
import time

_, peer, path, runs = sys.argv
columns = json.load(sys.stdin)
names = columns["names"]
numbers = [names[index] for index in columns["numeric"]]


def pandas():
    """The C reader, told the types."""
    import pandas

    return lambda: pandas.read_csv(path, engine="c", header=0, names=names, usecols=numbers, dtype="float32")


def polars():
    """The eager reader, told the types; it uses all cores."""
    import polars

    schema = {name: polars.Float32 if name in numbers else polars.String for name in names}
    return lambda: polars.read_csv(path, schema=schema, columns=numbers)


def duckdb(told=False):
    """Into numpy arrays; it uses all cores. `told`: types and dialect are given; otherwise it sniffs, as it does for its users."""
    import duckdb

    types = {name: "FLOAT" if name in numbers else "VARCHAR" for name in names}
    dialect = """, header=true, auto_detect=false, delim=',', quote='"', escape='"'"""
    options = f"{dialect}, columns={types}" if told else ""
    select = ", ".join(f'"{name}"::FLOAT AS "{name}"' for name in numbers)
    connection = duckdb.connect()
    return lambda: connection.execute(f"SELECT {select} FROM read_csv(?{options})", [path]).fetchnumpy()


peers = {"pandas": pandas, "polars": polars, "duckdb": duckdb, "duckdb-told": lambda: duckdb(told=True)}

start = time.perf_counter()
read = peers[peer]()
started = time.perf_counter() - start

seconds = []
for _ in range(int(runs)):
    table = None  # what was read before is given back first
    start = time.perf_counter()
    table = read()
    seconds.append(time.perf_counter() - start)

import numpy

total = 0.0
for name in numbers:
    values = numpy.ma.filled(numpy.ma.asarray(table[name]), numpy.nan)
    assert values.dtype == numpy.float32
    total += values[numpy.isfinite(values)].sum(dtype="float64")
print(json.dumps({"started": started, "seconds": seconds, "rows": len(values), "sum": total}))
