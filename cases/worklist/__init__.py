"""The work list: which cases (`listing`), in which order (`paging`), drawn how (`columns`, `rows`, `chips`), kept how
(`saved`), written to a sheet (`exporting`), moved many at once (`bulk`), one after another (`following`)."""
