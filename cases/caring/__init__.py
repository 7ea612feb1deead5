"""探访 and 困难帮扶转介: visits to older residents who asked for them, help by need; both by consent, revocable, and forgotten."""
