"""The staff pages of the matter: work list, case, intake, receipt, files. A view makes one domain call."""
