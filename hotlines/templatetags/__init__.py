"""What the lines draw on pages of the floors below."""
