"""排查: plans, campaigns, tasks of a grid and a day, what was found, coverage. No trail, no clock-in, no ranking (facts §6.1)."""
