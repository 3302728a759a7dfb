# Getting into a group.

## To the person who asks

joining-hello = Hello { $name }, I have your request for the group { $group }.
joining-wait-proof = This group is for members of the cooperative. Write /moi to me here: as soon as I know who you are, you get in without asking again.
joining-wait-words = { $count ->
    [one] I am asking people of the group whether they know you: one is needed.
   *[other] I am asking people of the group whether they know you: { $count } are needed.
} If you are a member of the cooperative, write /moi to me, that is faster.
joining-wait-officers = An administrator will look at your request.
joining-wait-wave = Many requests are coming in right now: an administrator will look at yours. If you are a member of the cooperative, write /moi to me, that is faster.
joining-wait-until = { $days ->
    [one] You get an answer within a day. You can write to me here.
   *[other] You get an answer within { $days } days. You can write to me here.
}
joining-admitted = Agreed: you can enter the group { $group }.
joining-refused = Your request for the group { $group } was not accepted. You can ask again from { $until }, or talk to an administrator of the cooperative.
joining-silence = Nobody was able to answer your request for the group { $group }. This is no refusal: ask somebody of the group to invite you with /inviter, then try again.
joining-too-early = Your request for the group { $group } was turned down recently. You can ask again from { $until }.
joining-removed = I cannot let you into the group { $group }: you were removed from the groups of the cooperative. If you disagree, ask to be heard.
joining-removed-all = You were removed from the groups of the cooperative, by decision of two administrators. Your rights as a member do not depend on it. If you disagree, ask to be heard.
joining-appeal = Ask to be heard
joining-appealed = Noted: an administrator who did not confirm the decision will answer you.
joining-return = You may come back to the groups of the cooperative: { $command } shows which.

## To those who may give their word

joining-card = { $name } asks to join the group { $group } (since { $at }). Do you know this person?
joining-card-invited = { $name } used your invitation to the group { $group } (asked { $at }). Do you know this person?
joining-knows = I know them
joining-knows-not = I do not know them
joining-unsure = Not sure
joining-thanks = Thank you, noted.
joining-said-knows = You said that you know { $name }, for the group { $group }.
joining-said-knows-not = You said that you do not know { $name }, for the group { $group }. They will not be told.
joining-said-unsure = You are not sure whether you know { $name }, for the group { $group }. Others are asked too.
joining-take-back = Take my word back
joining-taken-back = Your word is taken back. An administrator looks at what is to be done.
joining-decided = This is decided already.
joining-no-word-proof = Before you give your word I must know which member you are: write /moi to me in private.
joining-no-word-near = You are neither in this group nor in its sector: ask somebody who is.
joining-no-word-new = You are new here: you can give your word from { $until }.
joining-no-word-barred = Somebody whom you let in was removed: you can give your word again from { $until }.
joining-no-word-spent = You have given your word several times this week: the next time from { $until }.

## To those who decide

joining-door = { $count ->
    [one] { $count } request to join waits:
   *[other] { $count } requests to join wait:
}
joining-door-group = { $group }: { $count }
joining-door-wave = { $group }: { $count }, of which { $wave } came in a wave. Nobody is asked about those before you have looked.
joining-door-removals = { $count ->
    [one] { $count } request or appeal waits for a second person.
   *[other] { $count } requests or appeals wait for a second person.
}
joining-door-quiet = No request to join waits any more.
joining-door-button = See in private
joining-in-private-now = I answer you in private, that is more discreet.
joining-list = { $count ->
    [one] { $count } decision waits:
   *[other] { $count } decisions wait:
}
joining-list-empty = Nothing waits for a decision.
joining-line = { $number }. { $name } → { $group }, since { $at }. Nobody has answered yet.
joining-line-words = { $number }. { $name } → { $group }, since { $at }. Words: { $words }
joining-line-inside = { $number }. { $name } is in { $group }, and a word that let them in was taken back { $at }. Left: { $words }
joining-line-appeal = { $number }. { $name }, removed from every group, asks to be heard since { $at }. Reason given: { $reason }
joining-line-appeal-member = { $number }. { $name }, expelled from the cooperative, asks to be heard since { $at }. Reason given: { $reason }
joining-admit = Accept { $number }
joining-refuse = Refuse { $number }
joining-readmit = Let return { $number }
joining-refuse-wave = Refuse the wave…
joining-refuse-wave-ask = { $count ->
    [one] Refuse { $count } request that came in a wave? The person is told, and can ask again later.
   *[other] Refuse { $count } requests that came in a wave? The people are told, and can ask again later.
}
joining-refuse-wave-now = Refuse all { $count }
joining-refuse-wave-done = The wave is refused.
joining-no = No
joining-admit-now = Accepted.
joining-refuse-now = Refused.
joining-no-right = I may not let anybody in or out of the group { $group }. Give me the rights to invite and to ban; what waits is then done at once.
joining-cannot-remove = I could not remove somebody from the group { $group }, probably because they administer it. Please do it by hand.
joining-record-ended-local = Somebody in the group { $group } is no member of the cooperative any more. They stay in this local group until somebody decides otherwise.
joining-remove-how = Say who and why: /exclure 123 reason, with the member number, or /exclure #4567 reason, with the number of the account.
joining-remove-nobody = No account answers to this number.
joining-remove-done = Done: they leave every group.
joining-two-persons = Somebody other than you must decide this.
joining-readmitted = They may come back.

## /rejoindre and /inviter

joining-may = These are the groups of the cooperative:
joining-may-in = { $group }: you are in it.
joining-may-now = { $group }: you get in at once.
joining-may-proof = { $group }: for members; write /moi to me first.
joining-may-officers = { $group }: an administrator decides.
joining-may-words = { $count ->
    [one] { $group }: somebody of the group must know you.
   *[other] { $group }: { $count } people of the group must know you, or an administrator.
}
joining-may-nothing = There is no other one at present.
joining-join = Join { $group }
joining-link = With this you ask to join the group { $group }.
joining-link-comes = The link comes in private.
joining-no-link = I may not make links in this group: the administrators know.
joining-invite-where = To which group do you want to invite somebody?
joining-invite-to = { $group }
joining-invite-nowhere = I do not see you in any group. Write /inviter in the group itself.
joining-invite-link = Your invitation to the group { $group }, good until { $until }: { $link }
    Send it to somebody whom you know: I will ask you whether it is really them. Requests: { $asked }, joined: { $came }.

## The welcome

joining-welcome = Welcome { $name } to the group { $group }!
joining-welcome-default = /aide shows what I can do, /etat what is down. What concerns you alone, write to me here and not in the group.
joining-welcome-text = { $text }
joining-welcome-here = Welcome! Open a private conversation with me and write /aide: I will tell you what I can do.
joining-welcome-how = Say for which kind of group and which text: /bienvenue membres Hello… A document sent with this caption is added; "clear" takes it all back. Kinds: { $known }.
joining-welcome-set = Welcome of groups of the kind { $kind }, { $count ->
    [0] without documents
    [one] with { $count } document
   *[other] with { $count } documents
}: { $text }

## /nouveau_groupe

joining-found-how = Say for which sector, or kind of group, and why. For example: /nouveau_groupe Joigny: there are ten of us, and Claire and Jules will look after it
joining-found-asked = A new group is asked for: { $what }. Why: { $why }
joining-found-yes = Agreed
joining-found-no = No
joining-found-noted = Your request for the group "{ $what }" is with the administrators. I will write to you as soon as they have answered.
joining-found-approved = The group "{ $what }" is accepted. Who asked for it was told what to do.
joining-found-declined = The group "{ $what }" is not accepted.
joining-found-refused = Your request for the group "{ $what }" was not accepted. Talk to an administrator.
joining-found-steps = Your group "{ $what }" is accepted. What is left to do: make the group in Telegram and give it a name, then add me with the button below, and leave me administrator.
joining-found-add = Add Vigie to the group
joining-found-unknown = I do not know this group, or it is not for you to add me. Begin with /nouveau_groupe, in private.
joining-found-bound = This group has a purpose already: /groupe shows it.
joining-found-here = Here I am in the group "{ $what }".
joining-found-right-invite = I lack the right to invite, to let people in.
joining-found-right-pin = I lack the right to pin messages.
joining-found-right-remove = I lack the right to ban, to take out somebody who is removed.
joining-found-complete = Everything is in place. People get in with /rejoindre and invite with /inviter.
joining-found-announced = New group: { $group } ({ $what }). You can join it with /rejoindre.
joining-found-expired = The group "{ $what }" was not finished in time: its request is dropped. Begin again with /nouveau_groupe whenever you like.
joining-welcome-help = /welcome: what newcomers read, for each kind of group; a document sent with that caption is added.
