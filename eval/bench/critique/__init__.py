"""What a critique must not mind, must not be talked into and must not advise: ``python -m eval.bench.critique``."""
