# The end of a membership.

farewell-left = By the register, { $member } is no longer part of the cooperative. Thank you for the way we went together. If that is a mistake, answer the cooperative's e-mail: everything returns with the record.
farewell-expelled = { $member } is no longer part of the cooperative: this is an expulsion. Nothing of it is said in groups. This account is no longer linked to the record and leaves the groups of members; the local group stays open until somebody decides otherwise. If you do not agree, ask to be heard.
farewell-deceased = We learn that { $member } has died. Our sincere condolences. I will not write to their account any more.
farewell-household = { $member } is no longer part of the cooperative, by the register. This account was linked to it as household.
farewell-groups = This account leaves the groups of members. The local group stays open until somebody decides otherwise.
farewell-links = From now on it can neither ask nor decide anything for this record, and it will be detached from it { $at }.
farewell-data = /my_data shows what I keep; "/my_data erase" erases it, but for what the law wants kept, and says what. /privacy explains.
farewell-reinstated = The expulsion is taken back: the record is active again. Write /link to link this account to it, then /join to return to the groups.
farewell-link-ended = An administrator has ended the link of this account to the record of { $member }. If that is a mistake, write /link to prove it again, or talk to an administrator.
