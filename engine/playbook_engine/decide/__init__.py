"""What one event does to one incident at one instant: pure functions of the policy, the incident and the event."""
