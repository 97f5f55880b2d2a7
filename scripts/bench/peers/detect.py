"""What the page is compared with: pandas and scikit-learn doing the same job.

`python detect.py FILE.csv OUT.csv` prints one line of JSON: seconds per stage, memory, rows and anomalies. The original application
fits with a contamination and then predicts, which scores every row twice; here each row is scored once, on all cores.
"""

import json
import os
import resource
import sys
import time

start = time.perf_counter()
import joblib
import numpy as np
import pandas as pd
from sklearn.ensemble import IsolationForest
from sklearn.preprocessing import MinMaxScaler

figures = {}


def stage(name):
    """Notes the seconds since the stage before."""
    global start
    now = time.perf_counter()
    figures[name] = now - start
    start = now


def most_memory():
    """The most megabytes that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6  # Linux counts in KiB


path, out = sys.argv[1:]
stage("import")
figures["idle"] = most_memory()
start = time.perf_counter()

table = pd.read_csv(path)
stage("load")
numbers = table.select_dtypes("number").replace([np.inf, -np.inf], np.nan).fillna(0)
features = MinMaxScaler().fit_transform(numbers)
stage("scale")
with joblib.parallel_config(backend="threading", n_jobs=-1):
    forest = IsolationForest(n_estimators=100, random_state=42).fit(features)
    stage("fit")
    scores = -forest.score_samples(features)
anomalies = scores > np.percentile(scores, 95)
stage("score")
figures["results"] = most_memory()

start = time.perf_counter()
table["anomaly"] = anomalies.astype(int)
table["anomaly_score"] = scores
table.to_csv(out, index=False)
stage("write")

figures |= {"most": most_memory(), "size": os.path.getsize(out), "rows": len(table), "anomalies": int(anomalies.sum())}
print(json.dumps(figures))
