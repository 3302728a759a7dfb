//! The fixed words of the audit log, and what people read for them.

use vigie_domain::text::{Arg, Key as Text};

/// Every deed.
const DEEDS: &[(&str, Text)] = &[
    ("agree", Text::AuditAgree),
    ("answer-outage", Text::AuditAnswerOutage),
    ("answer-ticket", Text::AuditAnswerTicket),
    ("appeal", Text::AuditAppeal),
    ("ask-correction", Text::AuditAskCorrection),
    ("bind-group", Text::AuditBindGroup),
    ("call-off-maintenance", Text::AuditCallOffMaintenance),
    ("change-alert-settings", Text::AuditChangeAlertSettings),
    ("close-incident", Text::AuditCloseIncident),
    ("contest", Text::AuditContest),
    ("decide-group", Text::AuditDecideGroup),
    ("declare-incident", Text::AuditDeclareIncident),
    ("dispute-link", Text::AuditDisputeLink),
    ("end-bond", Text::AuditEndBond),
    ("end-silence", Text::AuditEndSilence),
    ("erase", Text::AuditErase),
    ("expel-member", Text::AuditExpelMember),
    ("export-history", Text::AuditExportHistory),
    ("export-tickets", Text::AuditExportTickets),
    ("export-incident", Text::AuditExportIncident),
    ("give-role", Text::AuditGiveRole),
    ("import-members", Text::AuditImportMembers),
    ("keep", Text::AuditKeep),
    ("let-in", Text::AuditLetIn),
    ("lift-suspension", Text::AuditLiftSuspension),
    ("link", Text::AuditLink),
    ("link-by-hand", Text::AuditLinkByHand),
    ("note-incident", Text::AuditNoteIncident),
    ("merge-ticket", Text::AuditMergeTicket),
    ("plan-maintenance", Text::AuditPlanMaintenance),
    ("promise-news", Text::AuditPromiseNews),
    ("propose", Text::AuditPropose),
    ("propose-group", Text::AuditProposeGroup),
    ("propose-removal", Text::AuditProposeRemoval),
    ("read-audit", Text::AuditReadAudit),
    ("read-member", Text::AuditReadMember),
    ("read-phone", Text::AuditReadPhone),
    ("readmit", Text::AuditReadmit),
    ("refuse", Text::AuditRefuse),
    ("refuse-entry", Text::AuditRefuseEntry),
    ("refuse-wave", Text::AuditRefuseWave),
    ("remove", Text::AuditRemove),
    ("reopen-incident", Text::AuditReopenIncident),
    ("reopen-ticket", Text::AuditReopenTicket),
    ("resolve-ticket", Text::AuditResolveTicket),
    ("resolve-tickets", Text::AuditResolveTickets),
    ("rota", Text::AuditRota),
    ("set-bypass", Text::AuditSetBypass),
    ("set-topics", Text::AuditSetTopics),
    ("set-reminder", Text::AuditSetReminder),
    ("set-welcome", Text::AuditSetWelcome),
    ("silence", Text::AuditSilence),
    ("silence-outage", Text::AuditSilenceOutage),
    ("stop-reminder", Text::AuditStopReminder),
    ("suspend-member", Text::AuditSuspendMember),
    ("take-outage", Text::AuditTakeOutage),
    ("take-role", Text::AuditTakeRole),
    ("take-ticket", Text::AuditTakeTicket),
    ("take-word-back", Text::AuditTakeWordBack),
    ("tell-touched", Text::AuditTellTouched),
    ("test-source", Text::AuditTestSource),
    ("undo-import-members", Text::AuditUndoImportMembers),
    ("unlink", Text::AuditUnlink),
    ("verify-import", Text::AuditVerifyImport),
    ("vouch", Text::AuditVouch),
    ("withdraw", Text::AuditWithdraw),
];

/// The message of a deed.
pub(super) fn deed(action: &str) -> Option<Text> {
    let known = DEEDS.iter().find(|(word, _)| *word == action);
    known.map(|(_, text)| *text)
}

/// A deed as people read it; a log of another version may have others.
pub(crate) fn deed_text(action: &str) -> Arg {
    deed(action).map_or_else(|| Arg::Text(action.to_owned()), Arg::Word)
}

/// Who did something: the kind, and the number or name.
pub(crate) fn by(who: &str) -> (Text, &str) {
    match who.strip_prefix("account ") {
        Some(rest) => {
            let number = rest.split_once(' ').map_or(rest, |(number, _)| number);
            (Text::AuditByAccount, number)
        }
        None => (Text::AuditByProgram, who),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_an_account_or_a_part_of_the_program() {
        assert_eq!(by("account 12 in -100"), (Text::AuditByAccount, "12"));
        assert_eq!(by("console"), (Text::AuditByProgram, "console"));
    }
}
