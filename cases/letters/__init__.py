"""Letters on paper after GB/T 9704-2012 §10.1 (信函格式): one `Letter`, printed as PDF (typst) or given as Word."""

from cases.letters.answering import answer
from cases.letters.letter import Form, Letter, Row
from cases.letters.typeset import pdf, pictures
from cases.letters.word import docx

__all__ = ["Form", "Letter", "Row", "answer", "docx", "pdf", "pictures"]
