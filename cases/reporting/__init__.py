"""What residents send from outside: judged under attack by proof of work, held for a human rather than refused, folded when
they are too many; the board of a grid that its QR opens, and its poster (facts §3.7, §6.2; design/api.md "Public limits").
"""
