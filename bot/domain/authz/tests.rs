//! The table of rights: every action, every role.

use super::*;

/// `+` allowed, `-` denied, `o` allowed in the own sector only.
const TABLE: &str = "
                     visitor member active referent board council administrator auditor
    ReadStatus             +      +      +        +     +       +             +       +
    ReadEquipment          -      +      +        +     +       +             +       +
    ReadHelp               +      +      +        +     +       +             +       +
    TakeOutage             -      -      +        o     +       -             +       -
    TakeTurns              -      -      +        o     +       -             +       -
    DeclareIncident        -      -      +        o     +       -             +       -
    TellTouched            -      -      -        o     -       -             +       -
    SilenceOutage          -      -      +        o     +       -             +       -
    PlanMaintenance        -      -      -        o     -       -             +       -
    SetBypass              -      -      +        o     +       -             +       -
    ReadDetails            -      +      +        +     +       +             +       +
    ReadHistory            -      +      +        +     +       +             +       +
    ExportHistory          -      -      +        +     +       +             +       +
    VerifyImport           -      -      +        +     +       -             +       -
    BindGroup              -      -      -        -     -       -             +       -
    ChangeAlertSettings    -      -      -        o     -       -             +       -
    ImportNetwork          -      -      -        -     -       -             +       -
    ReadDeliveryFaults     -      -      -        -     -       -             +       +
    ReadAudit              -      -      -        -     -       -             +       +
    LinkByHand             -      -      -        -     -       -             +       -
    Vouch                  -      +      +        +     +       +             +       -
    ReadJoins              -      -      -        o     -       -             +       +
    DecideJoins            -      -      -        o     -       -             +       -
    ProposeGroup           -      +      +        +     +       +             +       -
    ApproveGroup           -      -      -        -     -       -             +       -
    Expel                  -      -      -        -     -       -             +       -
    SetWelcome             -      -      -        -     -       -             +       -
    ReadSources            -      -      -        -     -       -             +       +
    TestSource             -      -      -        -     -       -             +       -
    ReadMembers            -      -      -        -     -       -             +       +
    ChangeMembers          -      -      -        -     -       -             +       -
    KeepReminders          -      +      +        +     +       +             +       -
    RemindGroup            -      -      +        +     +       +             +       -
    ReadTodos              -      +      +        +     +       +             +       +
    WriteTodos             -      -      +        +     +       +             +       -
    OpenTicket             +      +      +        +     +       +             +       +
    ReadTickets            -      -      +        o     +       -             +       +
    HandleTickets          -      -      +        o     +       -             +       -
    AnswerPhone            -      -      +        -     +       -             +       -
    ExportTickets          -      -      -        -     +       -             +       +
    OfferHelp              -      +      +        +     +       +             +       -
";

fn role(name: &str) -> Option<Role> {
    Some(match name {
        "visitor" => return None,
        "member" => Role::Member,
        "active" => Role::ActiveMember,
        "referent" => Role::SectorReferent("joigny".into()),
        "board" => Role::Board,
        "council" => Role::SupervisoryCouncil,
        "administrator" => Role::Administrator,
        "auditor" => Role::Auditor,
        other => panic!("{other}"),
    })
}

fn rows() -> (Vec<&'static str>, Vec<(Action, Vec<&'static str>)>) {
    let mut lines = TABLE.lines().filter(|line| !line.trim().is_empty());
    let roles = lines.next().unwrap().split_whitespace().collect();
    let rows = lines
        .map(|line| {
            let mut cells = line.split_whitespace();
            let name = cells.next().unwrap();
            let action = Action::ALL
                .into_iter()
                .find(|action| format!("{action:?}") == name);
            (action.unwrap(), cells.collect())
        })
        .collect();
    (roles, rows)
}

#[test]
fn the_table_has_every_action_and_role() {
    let (roles, rows) = rows();
    assert_eq!(roles.len(), 8);
    assert_eq!(rows.len(), Action::ALL.len());
    assert!(rows.iter().all(|(_, cells)| cells.len() == roles.len()));
}

#[test]
fn every_role_may_do_what_the_table_says_and_nothing_else() {
    let (joigny, sens) = (SectorId::from("joigny"), SectorId::from("sens"));
    let objects = [
        (Object::Equipment(Some(&joigny)), true),
        (Object::Sector(Some(&joigny)), true),
        (Object::Equipment(Some(&sens)), false),
        (Object::Equipment(None), false),
        (Object::Sector(None), false),
        (Object::Cooperative, false),
        (Object::Group, false),
    ];
    let (roles, rows) = rows();
    for (action, cells) in rows {
        for (name, cell) in roles.iter().zip(cells) {
            let actor = Actor::with_roles(role(name));
            for (object, own) in objects {
                let expected = cell == "+" || (cell == "o" && own);
                let found = authz(&actor, action, object);
                assert_eq!(
                    found.is_ok(),
                    expected,
                    "{name} {action:?} {object:?}: {found:?}"
                );
            }
        }
    }
}

#[test]
fn a_trainee_may_what_a_member_may() {
    let [trainee, member] = [Role::Trainee, Role::Member].map(|role| Actor::with_roles([role]));
    for action in Action::ALL {
        let may = |actor| authz(actor, action, Object::Cooperative).is_ok();
        assert_eq!(may(&trainee), may(&member), "{action:?}");
    }
}

#[test]
fn roles_add_up() {
    let actor = Actor::with_roles([Role::Member, Role::SectorReferent("sens".into())]);
    let sens = SectorId::from("sens");
    assert_eq!(
        authz(&actor, Action::TakeOutage, Object::Equipment(Some(&sens))),
        Ok(())
    );
    let both = Actor::with_roles([Role::Auditor, Role::ActiveMember]);
    assert_eq!(
        authz(&both, Action::TakeOutage, Object::Equipment(None)),
        Ok(())
    );
}

#[test]
fn a_refusal_says_what_holds_for_this_person() {
    let (joigny, sens) = (SectorId::from("joigny"), SectorId::from("sens"));
    let denied = |roles: Vec<Role>, action, object: Object<'_>| {
        authz(&Actor::with_roles(roles), action, object).unwrap_err()
    };
    let here = Object::Equipment(Some(&sens));
    assert_eq!(denied(vec![], Action::TakeOutage, here), Denied::NotKnown);
    assert_eq!(
        denied(vec![Role::Member], Action::TakeOutage, here),
        Denied::ActiveOnly
    );
    assert_eq!(
        denied(
            vec![Role::SectorReferent(joigny)],
            Action::SilenceOutage,
            here
        ),
        Denied::OtherSector(Some(sens.clone()))
    );
    let referent = vec![Role::SectorReferent("joigny".into())];
    let settings = denied(referent, Action::ChangeAlertSettings, here);
    assert_eq!(settings, Denied::SettingsOfOtherSector(Some(sens.clone())));
    assert_eq!(
        denied(vec![Role::Auditor], Action::TakeOutage, here),
        Denied::AuditorReadsOnly
    );
    assert_eq!(
        denied(vec![Role::Board], Action::ReadAudit, Object::Cooperative),
        Denied::OversightOnly
    );
}

#[test]
fn an_old_proof_does_what_does_not_weigh_and_says_what_it_lacks() {
    for action in Action::ALL {
        let actor = Actor::visitor().and_stale([Role::Administrator]);
        let expected = match action.weighs() {
            true => Err(Denied::ProofOld),
            false => Ok(()),
        };
        let is = authz(&actor, action, Object::Cooperative);
        assert_eq!(is, expected, "{action:?}");
        // What is proved elsewhere stays, and an old proof adds no refusal to what nobody gives.
        let both = Actor::with_roles([Role::Administrator]).and_stale([Role::Member]);
        assert_eq!(authz(&both, action, Object::Cooperative), Ok(()));
        let member = Actor::visitor().and_stale([Role::Member]);
        let fresh = authz(
            &Actor::with_roles([Role::Member]),
            action,
            Object::Cooperative,
        );
        let old = authz(&member, action, Object::Cooperative);
        match fresh {
            Ok(()) => assert_eq!(old.is_ok(), !action.weighs(), "{action:?}"),
            refused => assert_eq!(old, refused, "{action:?}"),
        }
    }
}
