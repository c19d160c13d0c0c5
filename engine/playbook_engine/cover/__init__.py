"""How much of a playbook its tests have seen: coverage by the playbook's own elements, not by lines."""
