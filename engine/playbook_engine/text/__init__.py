"""YAML texts to a Document: values, where each stands, and every problem with its place."""
