"""Why, why not, what if and what next: recomputed from the policy, the incident and the event, never stored."""
