"""What holds for every event: a playbook as formulas, a solver for them, and timelines that show an answer."""
