"""The operator's desk: the call that rings, who calls, what is known, what comes of it, who is owed a call."""
