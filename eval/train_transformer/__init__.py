"""Fine-tune the transformer and fit the coder's ensemble: ``python -m eval.train_transformer`` (some 30 minutes).

Needs the extra ``train`` (PyTorch, transformers, ONNX and the package that carries MiniLM's weights); nothing at run
time does. One network learns three things at once: the behaviour codes of a manager's turn, whether a draft is in the
rep's voice, and which question a small answer is for. ``--trial FOLDER`` goes through all of it with few examples and
writes there, to see whether the tools work.

The labelled suite, the guard's drafts ``frozen`` and ``fresh`` and ``everyday.jsonl`` are not read. Kept out of
training are the conversations of four writers, on which the ensemble is calibrated, and the questions of one scenario,
on which ``python -m eval.particulars`` measures the matching.

The weights that ship were made before the conversations of the writers ni, nj and nk were added to ``natural.jsonl``,
before the last 68 drafts were added to ``eval/guard/training.jsonl`` and before a few texts were corrected; a new run
learns from all of these, so it makes other weights. The thresholds that ship were chosen on the weights before these
were rounded to eight bits; here they are chosen on the rounded ones, which is what runs (0.36 in place of 0.38 for a
strength). The shipped threshold of slips, 0.30, was lowered by hand so that plain blame is heard. Seeds are fixed, but
sums are not made in the same order by every build of PyTorch.
"""
