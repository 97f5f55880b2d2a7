"""The hierarchy of groups in Python, of the rows of a file: `python groups.py FILE.f32 FEATURES` prints one line of JSON."""

import json
import sys

import numpy as np

from best import best

rows = np.fromfile(sys.argv[1], dtype=np.float32).reshape(-1, int(sys.argv[2])).astype(np.float64)


def scikit_learn(algorithm):
    from sklearn.cluster import HDBSCAN

    model = HDBSCAN(min_cluster_size=8, min_samples=5, metric="manhattan", algorithm=algorithm, n_jobs=1, copy=True)
    return {"fit": best(lambda: model.fit(rows), times=3)}


def hdbscan():
    from hdbscan import HDBSCAN

    model = HDBSCAN(min_cluster_size=8, min_samples=5, metric="manhattan", core_dist_n_jobs=1)
    return {"fit": best(lambda: model.fit(rows), times=3)}


contenders = {
    "scikit-learn, brute": lambda: scikit_learn("brute"),
    "scikit-learn, ball tree": lambda: scikit_learn("ball_tree"),
    "hdbscan": hdbscan,
}
figures = {}
for name, measure in contenders.items():
    try:
        figures[name] = measure()
    except ImportError as error:
        figures[name] = {"skipped": str(error)}
print(json.dumps(figures))
