"""The original's 81-16-8-16-81 autoencoder in PyTorch, one thread: steps of training and scoring. Prints JSON."""

import json
import sys
import time

import torch

FEATURES = 81


def network():
    return torch.nn.Sequential(
        torch.nn.Linear(FEATURES, 16), torch.nn.ReLU(),
        torch.nn.Linear(16, 8), torch.nn.ReLU(),
        torch.nn.Linear(8, 16), torch.nn.ReLU(),
        torch.nn.Linear(16, FEATURES),
    )


def steps(rows):
    """Milliseconds of a step: data of its own, as an epoch over a shuffled matrix has it; the median of 5 runs."""
    torch.manual_seed(42)
    model = network()
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
    x = torch.rand(72_000, FEATURES)
    loss_of = torch.nn.MSELoss()
    count = max(20, min(500, 200_000 // rows))
    took = []
    for _ in range(6):
        order = torch.randperm(len(x))
        started = time.perf_counter()
        for step in range(count):
            start = step * rows % (len(x) - rows)
            batch = x[order[start:start + rows]]
            optimiser.zero_grad()
            loss = loss_of(model(batch), batch)
            loss.backward()
            optimiser.step()
        took.append((time.perf_counter() - started) / count * 1e3)
    return sorted(took[1:])[2]


def scoring():
    """Microseconds of a row."""
    model = network()
    x = torch.rand(200_000, FEATURES)
    took = []
    with torch.no_grad():
        for _ in range(5):
            started = time.perf_counter()
            ((model(x) - x) ** 2).mean(dim=1)
            took.append((time.perf_counter() - started) / len(x) * 1e6)
    return sorted(took)[2]


torch.set_num_threads(1)
json.dump({
    "version": torch.__version__,
    "steps": {str(rows): steps(rows) for rows in map(int, sys.argv[1:] or ["32", "128", "1024"])},
    "scoring": scoring(),
}, sys.stdout)
