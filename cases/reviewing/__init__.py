"""复查 and 复核: a new case about the answer to an older one, and the end of the road (信访工作条例 §§35, 36)."""
