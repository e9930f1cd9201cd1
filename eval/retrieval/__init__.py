"""Cases and other embeddings to measure search with."""
