"""One module per kind of store; its name is the scheme of the URL, and `open_store(place)` opens it."""
