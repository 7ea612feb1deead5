"""The hall of the centre: who sits there today, who leads the day, who came. Counted, never ranked."""
