"""督办: what needs a supervisor's eye (`watching`), orders drafted and signed (`drafting`), proposals against a unit
(`proposing`), closings looked at twice (`closings`), letters (`letters`), the clock's part (`chores`), the desk (`views`)."""
