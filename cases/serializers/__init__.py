"""What the API shows of a case (`shown`, built by `telling`) and what it takes (`given`)."""
