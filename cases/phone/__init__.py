"""The grid worker's phone, `/m/`: today, cases, report, mine; small pages that also lie on the phone when it is offline."""
