use super::*;

fn at(day: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_525_200, 0).unwrap() + TimeDelta::days(day)
}

/// `proved`, `of the sector`, `decides`, `removed`, each by its letter.
fn applicant(letters: &str) -> Applicant {
    Applicant {
        proved: letters.contains('p'),
        of_sector: letters.contains('s'),
        decides: letters.contains('d'),
        removed: letters.contains('r'),
    }
}

#[test]
fn each_kind_of_group_has_its_door() {
    use Decision::{Admit, Ask, Prove, Removed};
    let rules = Rules::default();
    for (kind, who, wanted) in [
        ("membres", "", Prove),
        ("membres", "p", Admit),
        ("membres", "ps", Admit),
        ("membres", "pr", Removed),
        ("local", "", Ask(1)),
        ("local", "p", Ask(1)),
        ("local", "ps", Admit),
        ("local", "s", Ask(1)),
        ("local", "psr", Removed),
        ("technique", "", Ask(2)),
        ("technique", "ps", Ask(2)),
        ("technique", "pd", Admit),
        ("technique", "d", Ask(2)),
        ("actifs", "p", Ask(2)),
        ("atelier", "ps", Ask(2)),
    ] {
        let policy = rules.policy(kind);
        assert_eq!(decide(policy, applicant(who)), wanted, "{kind} {who}");
    }
    // What is said of one kind leaves the others as they are.
    let mut changed = Rules::default();
    let open = Policy {
        at_once: AtOnce::Members,
        vouchers: 1,
    };
    changed.kinds.insert("atelier".to_owned(), open);
    assert_eq!(decide(changed.policy("atelier"), applicant("p")), Admit);
    assert_eq!(decide(changed.policy("membres"), applicant("p")), Admit);
    // No word and no proof is enough: only an administrator.
    let shut = Policy {
        at_once: AtOnce::Nobody,
        vouchers: 0,
    };
    assert_eq!(decide(shut, applicant("ps")), Ask(0));
}

#[test]
fn a_word_counts_from_those_alone_who_may_give_it() {
    let rules = Rules::default();
    let good = Voucher {
        proved: true,
        near: true,
        ..Voucher::default()
    };
    let may = |voucher: &Voucher| may_vouch(voucher, &rules, at(0));
    assert_eq!(may(&good), Ok(()));
    let not_proved = Voucher {
        proved: false,
        ..good.clone()
    };
    assert_eq!(may(&not_proved), Err(NoWord::NotProved));
    let stranger = Voucher {
        near: false,
        ..good.clone()
    };
    assert_eq!(may(&stranger), Err(NoWord::NotNear));
    // New by their own proof, and new by the word of another: no chains.
    for new in [
        Voucher {
            proved_since: Some(at(-29)),
            ..good.clone()
        },
        Voucher {
            proved_since: Some(at(-400)),
            let_in: Some(at(-29)),
            ..good.clone()
        },
    ] {
        assert_eq!(may(&new), Err(NoWord::TooNew(at(1))));
        assert_eq!(may_vouch(&new, &rules, at(1)), Ok(()));
    }
    let barred = Voucher {
        barred_until: Some(at(3)),
        ..good.clone()
    };
    assert_eq!(may(&barred), Err(NoWord::Barred(at(3))));
    assert_eq!(may_vouch(&barred, &rules, at(3)), Ok(()));
}

#[test]
fn three_words_a_week() {
    let rules = Rules::default();
    let mut voucher = Voucher {
        proved: true,
        near: true,
        words: vec![at(-8), at(-6), at(-2)],
        ..Voucher::default()
    };
    assert_eq!(may_vouch(&voucher, &rules, at(0)), Ok(()));
    voucher.words.push(at(-1));
    assert_eq!(
        may_vouch(&voucher, &rules, at(0)),
        Err(NoWord::Spent(at(1)))
    );
    assert_eq!(may_vouch(&voucher, &rules, at(1)), Ok(()));
    let none = Rules {
        words_a_week: 0,
        ..Rules::default()
    };
    assert!(may_vouch(&voucher, &none, at(30)).is_err());
}

#[test]
fn only_those_who_know_somebody_let_them_in() {
    use Word::{Knows, KnowsNot, Unsure};
    assert!(lets_in([Knows], 1));
    assert!(!lets_in([Knows, KnowsNot, Unsure], 2));
    assert!(lets_in([Knows, KnowsNot, Knows], 2));
    assert!(!lets_in([Knows, Knows], 0), "only administrators decide");
}
