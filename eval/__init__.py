"""Suites of recorded conversations, scripts and benchmarks."""
