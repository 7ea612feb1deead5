"""What leaves the portal for others: signed webhooks, the exchange file, and the record of every provision of personal data."""
