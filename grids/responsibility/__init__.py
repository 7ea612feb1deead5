"""包保责任: which unit answers for which street in which topic from when to when, and whether every street has exactly one."""
