"""回访: who is asked what came of it, by whom, and what follows from the answer (facts §1.11; workflow.md 回访)."""
