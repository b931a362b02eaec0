"""All SQL of knowledge: sources, the index that is built from them, and searching it."""
