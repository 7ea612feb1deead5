"""Drawing grids: what may be drawn, who drew what and when, and what became of a grid that was merged or split."""
