"""12345 orders: sheets, push, pull, rejects."""
