"""领导接访、领导包案、一案多包: published days, booked places, what was said and ordered; the ledgers read from it."""
