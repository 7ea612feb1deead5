"""隐患: a hazard's file with its three lists, the ledgers by class, looking again after closing, flood materials and teams."""
