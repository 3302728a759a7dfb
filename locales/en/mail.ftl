mail-refused = The e-mail address of member no. { $member } is refused by its server (asked for { $asked }). Check the address in the record.
mail-code-subject = Your code for Telegram
mail-code = Hello, this is your code: { $code }
mail-code-until = Write it to the assistant of the cooperative on Telegram, in private, before { $until }.
mail-code-warning = If you asked for nothing, give this code to nobody, not even to somebody who says they call from the cooperative. Without it, nothing happens.
mail-linked-subject = A Telegram account was linked to your record
mail-linked = Hello, a Telegram account was just linked to { $member }, { $at }. If that is you or somebody of your home, there is nothing to do.
mail-linked-dispute = If that was not you, open this link: { $link }
