"""Assessment of the work of grids by class: outcomes only, per grid and never per person, decided by people (GB12; facts §6.1)."""
