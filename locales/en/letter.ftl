letter-title = The cooperative on Telegram
letter-hello = Hello, this letter links your Telegram account to your member's record no. { $number }: state of the network and groups of the cooperative.
letter-scan = Point the camera of your telephone at this square, then press “Start”. Or look for @{ $bot } in Telegram and write the code below to it.
letter-until = This code works once, until { $until }.
letter-secret = Keep it to yourself: do not write it in a group and give it to nobody on the telephone. The people of your home ask for letters of their own.
letter-address = Address of the square: { $address }
letter-done = { $count ->
    [one] { $count } letter written to { $file }. Print it, then delete this file.
   *[other] { $count } letters written to { $file }. Print them, then delete this file.
}
letter-left-out = no active member no. { $member }: no letter
letter-list-unreadable = the list { $file } cannot be read: { $why }
letter-not-written = { $file } cannot be written: { $why }
ops-help-letters = Make letters to print, with their code and its QR code, with the service stopped
ops-help-letters-list = File of member numbers, one a line
ops-help-letters-out = PDF document to write
ops-help-letters-bot = Name of the bot on Telegram, without @
