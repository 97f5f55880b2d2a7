"""Writes small packed and Parquet files into seeds/ beside this script: what the fuzzer begins with. (Models: tests/fuzz_seeds.rs.)

    python make_seeds.py

needs duckdb and polars (made with duckdb 2.0.1 and polars 2.1.0), and zstd on the path.
"""

import gzip
import io
import os
import subprocess
import zipfile

import duckdb
import polars

SEEDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "seeds")
SNIPPET = os.path.join(SEEDS, "../../tests/fixtures/snippets/netflow.csv")


def write(name, content):
    path = os.path.join(SEEDS, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def archive(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content, kind in entries:
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            entry.compress_type = kind
            packed.writestr(entry, content)
    return out.getvalue()


def zstd(content, level):
    return subprocess.run(["zstd", "-q", f"-{level}"], input=content, stdout=subprocess.PIPE, check=True).stdout


with open(SNIPPET, "rb") as snippet:
    text = snippet.read()
first, second = text[:400], text[400:]
write("packed/members.gz", gzip.compress(first, mtime=0) + gzip.compress(second, mtime=0))
write("packed/frames.zst", zstd(first, 19) + zstd(second, 1))
write("packed/utf16le.csv", text[:200].decode().encode("utf-16"))
write("packed/latin1.csv", "Größe,Pakete\n1,2\n3,4\n".encode("latin-1"))
entries = [
    ("logs/", b"", zipfile.ZIP_STORED),
    ("logs/a.csv", text, zipfile.ZIP_DEFLATED),
    ("logs/b.csv", b"a,b\n1,2\n", zipfile.ZIP_STORED),
]
write("packed/archive.zip", archive(entries))

db = duckdb.connect()
TABLES = {
    "numbers": "SELECT n::INTEGER AS i, (n * 0.5)::DOUBLE AS d, n::UBIGINT AS u FROM range(40) t(n)",
    "texts": "SELECT CASE WHEN n % 3 > 0 THEN 'host' || n % 5 END AS t, n % 2 = 0 AS b FROM range(40) t(n)",
    "times": "SELECT make_timestamp(n * 1000000007) AS m, (n / 7)::DECIMAL(30, 4) AS c, uuid() AS x FROM range(9) t(n)",
}
for name, query in TABLES.items():
    for codec in ["uncompressed", "snappy", "gzip", "zstd"]:
        for version in ["V1", "V2"]:
            path = os.path.join(SEEDS, "parquet", f"{name}-{codec}-{version}")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            options = f"FORMAT parquet, COMPRESSION {codec}, PARQUET_VERSION {version}"
            db.execute("SELECT setseed(0.5)")
            db.execute(f"COPY ({query}) TO '{path}' ({options})")
frame = polars.DataFrame({"i": [1, None, 3], "t": ["a", "b", None], "f": [0.5, 1.5, 2.5]})
for codec in ["uncompressed", "snappy"]:
    frame.write_parquet(os.path.join(SEEDS, "parquet", f"polars-{codec}"), compression=codec)
