"""Scores network flows with a model that was kept in Flowsift (a file that ends in .flowsift.onnx)."""

from .model import Model, score

__all__ = ["Model", "score"]
