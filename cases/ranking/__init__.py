"""申诉剔除: a unit asks that a matter be left out of its own ranking figures; people decide (facts §5 红黑榜)."""
