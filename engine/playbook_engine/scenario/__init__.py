"""`playbook test`: stories told to the real engine on a virtual clock, and everything that must come of them."""
