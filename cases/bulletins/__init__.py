"""月报、季报、年报 of an area: figures frozen when they are made, sentences read off them, signed once."""
