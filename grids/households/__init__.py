"""Who manages which residential area, for how many households, from when to when."""
