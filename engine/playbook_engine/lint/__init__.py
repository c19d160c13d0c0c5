"""Advice on playbooks: one file a rule, each finding with its place, its evidence and what to do."""
