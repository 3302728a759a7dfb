//! `vigie probe`: tries one probe and explains the result.

use std::time::Duration;

use vigie_domain::network_import::Problem;
use vigie_domain::probe::measure::{Why, milliseconds};
use vigie_domain::probe::{Defaults, Probe, parse};
use vigie_domain::text::{Arg, Key, Say};

use super::faults;
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::probe::{Answer, Asker, Own};

/// How often the question is asked.
const TRIES: u32 = 3;
/// Pause between two tries.
const PAUSE: Duration = Duration::from_millis(500);

/// Tries a probe.
///
/// # Errors
/// It cannot be read, cannot be asked from here, or is not answered well.
pub async fn probe(console: &Console<'_>, text: &str) -> Result<(), Failure> {
    let probe = parse::parse(text).map_err(unreadable)?;
    let rules = probe.rules(&Defaults::default());
    let number = |count: u32| Arg::Number(i64::from(count));
    console.say(
        &Say::new(Key::ProbeRules)
            .with("target", Arg::Code(probe.target.to_string()))
            .with("every", Arg::Lasting(i64::from(rules.every_ms / 1_000)))
            .with("timeout", number(rules.timeout_ms))
            .with("failures", number(rules.failures))
            .with("successes", number(rules.successes)),
    );
    let asker = Asker::new(1).map_err(|error| faults::internal(&error.to_string()))?;
    let patience = Duration::from_millis(rules.timeout_ms.into());
    let mut good = 0;
    let mut last = None;
    for index in 1..=TRIES {
        if index > 1 {
            tokio::time::sleep(PAUSE).await;
        }
        let answer = asker.ask(&probe, patience).await;
        if let Some(said) = told(index, &answer, console) {
            console.say(&said);
        }
        match answer {
            Answer::Good { .. } => good += 1,
            // It will not be sent the next time either.
            Answer::NotAsked(own) => return Err(not_asked(own)),
            Answer::Bad(why) => last = Some(why),
        }
    }
    verdict(console, &probe, good, last)
}

fn told(index: u32, answer: &Answer, console: &Console<'_>) -> Option<Say> {
    let say = |key| Say::new(key).with("number", Arg::Number(i64::from(index)));
    Some(match answer {
        Answer::Good { after, from } => {
            let tenths = u64::try_from(after.as_micros() / 100).unwrap_or(u64::MAX);
            let rtt = Arg::Text(milliseconds(tenths));
            match from {
                Some(from) => say(Key::ProbeAnsweredFrom)
                    .with("address", Arg::Code(from.to_string()))
                    .with("rtt", rtt),
                None => say(Key::ProbeAnswered).with("rtt", rtt),
            }
        }
        Answer::Bad(why) => say(Key::ProbeFailed).with("why", Arg::Text(console.text(&why.say()))),
        Answer::NotAsked(_) => return None,
    })
}

fn not_asked(own: Own) -> Failure {
    let mut says = vec![Say::new(Key::ProbeOwn)];
    match own {
        Own::NotPermitted => says.push(Key::ProbeNotPermitted.into()),
        Own::System(why) => says.push(Say::new(Key::ProbeOwnWhy).with("why", Arg::Text(why))),
    }
    Failure {
        exit: Exit::Unanswered,
        lines: vec![(None, says)],
    }
}

fn verdict(
    console: &Console<'_>,
    probe: &Probe,
    good: u32,
    last: Option<Why>,
) -> Result<(), Failure> {
    let Some(why) = last else {
        let line = format!("probe = '{probe}'");
        console.say(&Say::new(Key::ProbeGood).with("line", Arg::Code(line)));
        return Ok(());
    };
    let mut says = vec![match good {
        0 => Say::new(Key::ProbeBad),
        good => Say::new(Key::ProbeMixed)
            .with("good", Arg::Number(i64::from(good)))
            .with("asked", Arg::Number(i64::from(TRIES))),
    }];
    says.push(Say::new(hint(why)));
    Err(Failure {
        exit: Exit::Unanswered,
        lines: vec![(None, says)],
    })
}

const fn hint(why: Why) -> Key {
    match why {
        Why::Timeout => Key::ProbeHintTimeout,
        Why::Refused => Key::ProbeHintRefused,
        Why::Unreachable => Key::ProbeHintUnreachable,
        Why::NoName => Key::ProbeHintNoName,
        Why::Tls => Key::ProbeHintTls,
        Why::Broken => Key::ProbeHintBroken,
        Why::Status(_) => Key::ProbeHintStatus,
        Why::NoText => Key::ProbeHintNoText,
        Why::DnsCode(_) => Key::ProbeHintDnsCode,
        Why::NoRecord => Key::ProbeHintNoRecord,
    }
}

fn unreadable(fault: parse::Fault) -> Failure {
    let problem = Problem {
        file: "vigie probe".to_owned(),
        line: 1,
        column: None,
        what: fault.what,
        field: match fault.part {
            "" => "probe".to_owned(),
            part => format!("probe {part}"),
        },
        value: fault.value,
        hint: fault.hint,
    };
    Failure {
        exit: Exit::Data,
        lines: vec![(None, problem.say())],
    }
}
