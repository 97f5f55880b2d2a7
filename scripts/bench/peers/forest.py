"""Isolation forests of Python on the rows of a file: `python forest.py FILE.f32 FEATURES` prints one line of JSON."""

import json
import sys

import numpy as np

from best import best

rows = np.fromfile(sys.argv[1], dtype=np.float32).reshape(-1, int(sys.argv[2]))


def scikit_learn():
    from sklearn.ensemble import IsolationForest

    fit = lambda: IsolationForest(random_state=42).fit(rows)
    forest = fit()
    return {"fit": best(fit), "score": best(lambda: forest.score_samples(rows))}


def isotree():
    from isotree import IsolationForest

    # The published algorithm: single features at random, samples of 256 rows.
    fit = lambda: IsolationForest(ntrees=100, sample_size=256, ndim=1, missing_action="fail", nthreads=1, random_seed=1).fit(rows)
    forest = fit()
    by_column = np.asfortranarray(rows)
    return {"fit": best(fit), "score": min(best(lambda: forest.predict(rows)), best(lambda: forest.predict(by_column)))}


def shap_values():
    import shap
    from sklearn.ensemble import IsolationForest

    explainer = shap.TreeExplainer(IsolationForest(random_state=42).fit(rows))
    return {"explain": best(lambda: explainer.shap_values(rows[:1], check_additivity=False))}


figures = {}
for name, measure in [("scikit-learn", scikit_learn), ("isotree", isotree), ("shap", shap_values)]:
    try:
        figures[name] = measure()
    except ImportError as error:
        figures[name] = {"skipped": str(error)}
print(json.dumps(figures))
