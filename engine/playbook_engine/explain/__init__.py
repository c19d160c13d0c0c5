"""Why, why not and what next: recomputed from the policy, the incident and the event, never stored."""
