"""The map (一图): figures per area and grid by the board's own predicates, points for those who may see the cases."""
