"""重复和共性: who said the same before, many residents with one demand, the same place and category again and again."""
