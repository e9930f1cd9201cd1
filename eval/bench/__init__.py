"""Benchmarks, each run as ``python -m eval.bench.NAME``."""
