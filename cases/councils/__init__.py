"""民心台账 and 议事: what residents wish and what they decide together, with an owner and a date, until it is done."""
