"""The matter over the API (design/api.md); mounted under `/api/v1/`. Each view makes one domain call."""
