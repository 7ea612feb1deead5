"""What the quiet helper proposes and why: tables of words that anybody can read, and the territory's names. No score."""
