"""What people learn from decisions: sums, and the policy as a picture."""
