"""News for the floors above; `accounts` never imports them.

person_leaving(user, on, post): somebody is about to end a post (`post`) or to leave for good (`post=None`).
    A receiver that objects returns a sentence for the user (「李某还有 3 件未办结…」); the change is then refused.
cases_handed_over(actor, from_user, to_user, now): inside the transaction; receivers move everything that is open from
    one person to the other and return how many matters they moved. They may refuse by raising a `Refusal`.
post_changed(post, now): sent after commit whenever a post began, ended or changed.
"""

from django.dispatch import Signal

person_leaving = Signal()
cases_handed_over = Signal()
post_changed = Signal()
