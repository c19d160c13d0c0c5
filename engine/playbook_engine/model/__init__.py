"""The nouns: frozen values without behaviour."""
