"""A playbook at work for days: events over HTTP and from sources, timers, deliveries, figures."""
