"""How news leaves the portal: what each person chose, which messages follow, how they are sent, by whom they are seen."""
