"""The knowledge base that critiques cite: our articles and the documents users add.

Chroma, LangChain and WordLlama are imported when an index is opened, not with this package.
"""

from coach.knowledge.added import AddedDocuments
from coach.knowledge.adding import AddReport
from coach.knowledge.articles import Article, load_articles, parse_article
from coach.knowledge.documents import supported
from coach.knowledge.entries import Document, Embedding
from coach.knowledge.exchanges import ExchangeIndex
from coach.knowledge.search import KnowledgeBase, Sources

__all__ = [
    "AddReport",
    "AddedDocuments",
    "Article",
    "Document",
    "Embedding",
    "ExchangeIndex",
    "KnowledgeBase",
    "Sources",
    "load_articles",
    "parse_article",
    "supported",
]
