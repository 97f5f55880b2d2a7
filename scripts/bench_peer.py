"""What the page is compared with: pandas and scikit-learn, as the original application runs them.

`python bench_peer.py FILE.csv` prints one line of JSON: seconds per stage, peak memory, rows and anomalies.
"""

import json
import resource
import sys
import time

start = time.perf_counter()
import numpy as np
import pandas as pd
from sklearn.ensemble import IsolationForest
from sklearn.preprocessing import MinMaxScaler

stages = {}


def stage(name):
    """Notes the time since the stage before."""
    global start
    now = time.perf_counter()
    stages[name] = now - start
    start = now


stage("import")
table = pd.read_csv(sys.argv[1])
stage("load")
numbers = table.select_dtypes("number").replace([np.inf, -np.inf], np.nan).fillna(0)
features = MinMaxScaler().fit_transform(numbers)
stage("scale")
forest = IsolationForest(n_estimators=100, contamination=0.05, random_state=42).fit(features)
stage("fit")
# The original predicts after fitting, though fitting with a contamination has scored all rows once already.
anomalies = int((forest.predict(features) == -1).sum())
stage("predict")

megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts in KiB
print(json.dumps({"stages": stages, "megabytes": megabytes, "rows": len(table), "anomalies": anomalies}))
