"""What waits for a decision (待批申请), 会商 and joint tasks on a case page, and the papers that come of them."""
