"""派单目录: which unit leads what where, kept in versions; what it proposes for a case; and texts that are often written."""
