"""Lines to other systems: what comes in becomes a case once, what they must hear goes out once, in order."""
