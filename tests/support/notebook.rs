//! What people read in their groups, written down whenever somebody looks, and compared with what
//! was read when the story was last approved.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::town::Town;

/// Writes down what is new or has changed since the last look.
pub struct Notebook {
    groups: &'static [&'static str],
    known: BTreeMap<(usize, i64), (usize, String)>,
    counts: BTreeMap<usize, usize>,
    text: String,
}

impl Notebook {
    pub fn new(groups: &'static [&'static str]) -> Self {
        Self {
            groups,
            known: BTreeMap::new(),
            counts: BTreeMap::new(),
            text: String::new(),
        }
    }

    /// Somebody looks at every group.
    pub async fn look(&mut self, town: &Town, when: &str) {
        town.settles().await;
        let _ = writeln!(self.text, "══ {when}");
        for (group, title) in self.groups.iter().enumerate() {
            for message in town.said(title) {
                let key = (group, message.id());
                let before = self.known.get(&key);
                if before.is_some_and(|(_, text)| text == message.text()) {
                    continue;
                }
                let (number, what) = match before {
                    Some((number, _)) => (*number, "devient"),
                    None => {
                        let count = self.counts.entry(group).or_default();
                        *count += 1;
                        (*count, "nouveau")
                    }
                };
                let _ = writeln!(self.text, "── {title}, message {number}, {what} :");
                for line in message.text().lines() {
                    let _ = writeln!(self.text, "   {line}");
                }
                self.known.insert(key, (number, message.text().to_owned()));
            }
        }
    }

    /// Messages of a group so far.
    pub fn count(&self, title: &str) -> usize {
        let group = self.groups.iter().position(|group| *group == title);
        group
            .and_then(|group| self.counts.get(&group))
            .copied()
            .unwrap_or(0)
    }

    /// Compares with what was approved. `APPROVE=1` approves what is there now.
    #[track_caller]
    pub fn is_as_approved(&self, name: &str) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/snapshots")
            .join(name);
        if std::env::var_os("APPROVE").is_some() {
            std::fs::write(&file, &self.text).unwrap();
        }
        let approved = std::fs::read_to_string(&file).unwrap_or_default();
        if approved == self.text {
            return;
        }
        let differs = approved
            .lines()
            .zip(self.text.lines())
            .position(|(one, other)| one != other)
            .unwrap_or_else(|| approved.lines().count().min(self.text.lines().count()));
        let near = |text: &str| {
            let lines: Vec<&str> = text
                .lines()
                .skip(differs.saturating_sub(3))
                .take(8)
                .collect();
            lines.join("\n")
        };
        panic!(
            "{name} reads differently from line {}; approved:\n{}\nnow:\n{}\n\
             If it reads better now: APPROVE=1",
            differs + 1,
            near(&approved),
            near(&self.text)
        );
    }
}
