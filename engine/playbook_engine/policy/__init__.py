"""Document to Policy: every name and default is resolved here, nowhere later."""
