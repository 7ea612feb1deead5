"""Limits and the calendar as people keep them: a year's notice read, foreseen and written; limits in versions.

`notice` reads a file, `year` says what a year looks like, `moving` foresees which dates would move, `importing` writes,
`telling` tells those whose dates moved, `lawful` holds a limit against the law, `versions` publishes the next one,
`foreseeing` says until when a case accepted now would run.
"""
