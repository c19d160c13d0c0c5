"""Document to Policy: one module for each part of a playbook; `playbook` puts them together."""
