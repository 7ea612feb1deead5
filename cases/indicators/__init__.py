"""Every indicator of facts §5 once (`registry`): page, tooltip, API, document and tests read it from there."""
