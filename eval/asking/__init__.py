"""How many of the questions that managers ask about a talk are understood without a model."""
