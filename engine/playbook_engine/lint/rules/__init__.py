"""One file a rule: its docstring is its page, and the examples in it are its tests."""
