"""The demonstration: an invented 平鲁区 with its offices, people and 60 matters, made through the real doors.

Above the apps and used by `manage.py make_demo` only. Nothing in it is true of anybody: names of areas are real, and
everything else (people, telephones, grids, outlines, stories) is invented.
"""
