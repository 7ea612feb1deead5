"""12345 work orders: sheets with a saved mapping, the push and the pull of the line's own system, rejects kept for repair."""
