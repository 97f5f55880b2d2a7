"""The original's autoencoder in PyTorch and Keras, one thread: `python autoencoder.py FILE.f32 FEATURES` prints one line of JSON."""

import json
import os
import sys
import time

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": ""}

import numpy as np

FEATURES = int(sys.argv[2])
rows = np.fromfile(sys.argv[1], dtype=np.float32).reshape(-1, FEATURES)
HIDDEN = [16, 8, 16]


def seconds(run, times):
    """The shortest of several runs."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        took.append(time.perf_counter() - start)
    return min(took)


def steps(batch):
    return -(-len(rows) // batch)


def pytorch():
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(42)
    x = torch.from_numpy(rows)
    widths = [FEATURES, *HIDDEN, FEATURES]
    layers = [layer for a, b in zip(widths, widths[1:]) for layer in (torch.nn.Linear(a, b), torch.nn.ReLU())]
    model = torch.nn.Sequential(*layers[:-1])
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
    loss_of = torch.nn.MSELoss()

    def epoch(size):
        for some in torch.randperm(len(x)).split(size):
            batch = x[some]
            optimiser.zero_grad()
            loss_of(model(batch), batch).backward()
            optimiser.step()

    def score():
        with torch.no_grad():
            ((model(x) - x) ** 2).mean(dim=1)

    figures = {name: seconds(lambda: epoch(size), 3) / steps(size) for name, size in (("few", 32), ("many", 1024))}
    return figures | {"score": seconds(score, 5)}


def keras_on_tensorflow():
    import tensorflow

    tensorflow.config.threading.set_intra_op_parallelism_threads(1)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    import keras

    model = keras.Sequential([*(keras.layers.Dense(units, "relu") for units in HIDDEN), keras.layers.Dense(FEATURES)])
    model.compile(keras.optimizers.Adam(1e-3), "mse")

    def epoch(size):
        model.fit(rows, rows, batch_size=size, epochs=1, verbose=0)

    def score():
        ((model.predict(rows, verbose=0) - rows) ** 2).mean(axis=1)

    # The first epoch of each size compiles.
    figures = {name: seconds(lambda: epoch(size), 2) / steps(size) for name, size in (("few", 32), ("many", 1024))}
    return figures | {"score": seconds(score, 2)}


print(json.dumps({"PyTorch": pytorch(), "Keras": keras_on_tensorflow()}))
