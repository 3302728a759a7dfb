//! Files with faults, and what is told of each.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use secrecy::ExposeSecret as _;
use tempfile::TempDir;
use vigie_domain::Lang;

use super::*;
use crate::console::Console;
use crate::i18n::Texts;

const TOKEN: &str = "123456789:AAExample_Token-of-35-characters-xyz";
const HASH: &str = "2a97516c354b68848cdbd8f54a226a0a55b21ed138e207ad6c5cbb9c00aa5aea";

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        desk.secret("token", TOKEN, 0o600);
        desk.secret("hook", "a-webhook-secret-of-some-length", 0o640);
        desk
    }

    fn secret(&self, name: &str, text: &str, mode: u32) {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("vigie.toml")
    }

    fn read(&self, text: &str) -> Reading {
        fs::write(self.file(), text).unwrap();
        read(&self.file(), None)
    }

    /// Problems as `line:column: text`, in English.
    fn problems(&self, text: &str) -> Vec<String> {
        let texts = Texts::embedded().unwrap();
        let console = Console::new(&texts, Lang::En);
        let file = self.file().display().to_string();
        let reading = self.read(text);
        assert!(reading.config.is_none(), "{text}");
        let told = |problem: &Problem| {
            let place = problem.place.replacen(&file, "", 1);
            format!(
                "{}: {}",
                place.trim_start_matches(':'),
                console.text(&problem.say)
            )
        };
        reading.problems.iter().map(told).collect()
    }
}

/// A good file, with more at its end.
fn good(more: &str) -> String {
    format!("[telegram]\ntoken_file = \"token\"\n[store]\npath = \"store\"\n{more}")
}

#[test]
fn a_small_file_is_enough_and_paths_start_at_its_folder() {
    let desk = Desk::new();
    let config = desk.read(&good("")).config.unwrap();
    assert_eq!(config.telegram.token.expose_secret(), TOKEN);
    assert!(matches!(config.telegram.updates, Updates::Poll));
    assert_eq!(config.store.path, desk.folder.path().join("store"));
    assert_eq!(config.listen, "127.0.0.1:8787".parse().unwrap());
    assert_eq!(config.settings.page_lines, Settings::default().page_lines);
}

/// The list of sources has those that post and those that are asked.
fn every_way_is_known(config: &Config) {
    use crate::app::settings::Way;
    let ways = &config.settings.sources;
    assert_eq!(ways[&"scripts".into()], Way::Posts);
    assert!(ways.values().any(|way| *way == Way::IsAsked), "{ways:?}");
    assert_eq!(
        config.settings.silent_after_s.len(),
        2,
        "the uisp, and not prometheus"
    );
}

#[test]
fn a_whole_file_is_understood() {
    let desk = Desk::new();
    let text = format!(
        r#"
administrators = [1002, "1003"]
[telegram]
token_file = "token"
api_url = "http://127.0.0.1:8081"
mode = "webhook"
[telegram.webhook]
public_url = "https://vigie.example.coop"
secret_file = "hook"
listen = "127.0.0.1:8788"
[store]
path = "/var/lib/vigie/store"
cache_mib = 16
ballast_mib = 0
[web]
listen = "[::1]:9000"
[network]
files = ["network.toml", "people.csv"]
[[sources]]
name = "prometheus"
format = "alertmanager"
token_sha256 = ["{HASH}", "{HASH}"]
equipment_label = "relay"
[[sources]]
name = "scripts"
format = "generic"
token_file = "hook"
zone = "America/Cayenne"
silent_after_s = 600
[[uisp]]
name = "uisp"
url = "https://uisp.example.net"
token_file = "hook"
every_s = 60
silent_after_s = 300
[[groups]]
chat = "-1001234567890"
kind = "technique"
[[groups]]
chat = -1001234567891
kind = "local"
sector = "joigny"
thread = 4
[backup]
folder = "backups"
[settings]
zone = "Europe/Paris"
page_lines = 5
"#
    );
    let reading = desk.read(&text);
    assert_eq!(reading.problems, []);
    let config = reading.config.unwrap();
    assert_eq!(config.settings.administrators.len(), 2);
    assert_eq!(config.sources.len(), 2);
    assert_eq!(config.sources[0].labels.equipment.as_deref(), Some("relay"));
    let zones: Vec<_> = config
        .sources
        .iter()
        .map(|source| source.labels.zone.name())
        .collect();
    assert_eq!(
        zones,
        ["Europe/Paris", "America/Cayenne"],
        "that of the settings, or its own"
    );
    assert_eq!(config.settings.silent_after_s[&"scripts".into()], 600);
    every_way_is_known(&config);
    assert_eq!(config.uisp[0].every.as_secs(), 60);
    assert_eq!(config.groups[0].chat, ChatId(-1_001_234_567_890));
    assert_eq!(config.groups[1].thread, Some(ThreadId(4)));
    assert_eq!(config.backup.unwrap().keep, 7);
    assert_eq!(config.network[1], desk.folder.path().join("people.csv"));
    assert!(matches!(config.telegram.updates, Updates::Webhook { .. }));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_fault_is_told_with_its_place() {
    let desk = Desk::new();
    desk.secret("open", TOKEN, 0o644);
    desk.secret("empty", " \n", 0o600);
    desk.secret("short", "123:abc", 0o600);
    let source = |lines: &str| good(&format!("[[sources]]\n{lines}"));
    for (text, told) in [
        (
            good("[web]\nlissen = \"x\"\n"),
            "6:1: there is no key lissen. Did you mean listen?",
        ),
        (
            source("name = \"vigie\"\nformat = \"generic\"\ntoken_sha256 = \"HASH\"\n")
                .replace("HASH", HASH),
            "6:8: The name vigie is that of Vigie's own probes",
        ),
        (
            good("[settings.probes]\nuplink = [\"ping 9.9.9.9\", \"pnig 1.1.1.1\"]\n"),
            "6:10: this value does not fit: probe:1: unknown word: pnig (perhaps ping?)",
        ),
        (
            good("[settings]\n[settings.probes]\nevery_s = 0\n"),
            "7:1: the value must be from 1 to 3600",
        ),
        (
            good("[wbe]\n"),
            "5:2: there is no key wbe. Did you mean web?",
        ),
        (
            good("colour = 1\n"),
            "5:1: there is no key colour here. Known keys: path, cache_mib",
        ),
        (
            good("cache_mib = \"64\"\n"),
            "5:13: expected a whole number, found a text in quotes",
        ),
        (
            good("cache_mib = 0\n"),
            "5:13: the value must be from 1 to 65536",
        ),
        (
            good("[web]\nlisten = \"8787\"\n"),
            "6:10: 8787 is not an address to listen on",
        ),
        (good("[web]\nlisten = \n"), "6:10: this is not valid TOML"),
        (good("[backup]\n"), "5:1: folder is missing"),
        (
            good("[settings]\npage_lines = 0\n"),
            "6:1: the value must be from 1 to 50",
        ),
        (
            good("[settings]\nzone = \"Europe/Pari\"\n"),
            "6:8: this value does not fit",
        ),
        (
            good("[network]\nfiles = \"network.toml\"\n"),
            "6:9: expected a list in brackets, found a text",
        ),
        (
            source("name = \"x\"\n"),
            "5:1: a source needs token_sha256 or token_file",
        ),
        (
            source("name = \"Mon relais\"\nformat = \"generic\"\ntoken_file = \"hook\"\n"),
            "6:8: the name of a source has lower-case letters",
        ),
        (
            source(
                "name = \"x\"\nformat = \"zabbix\"\ntoken_file = \"hook\"\nzone = \"Europe/Pari\"\n",
            ),
            "9:8: Europe/Pari is not a known time zone. Did you mean Europe/Paris?",
        ),
        (
            source(
                "name = \"x\"\nformat = \"zabbix\"\ntoken_file = \"hook\"\nsilent_after_s = 5\n",
            ),
            "9:18: the value must be from 60 to",
        ),
        (good("[[uisp]]\nname = \"u\"\n"), "5:1: url is missing"),
        (
            good("[[uisp]]\nname = \"u\"\nurl = \"uisp\"\ntoken_file = \"hook\"\n"),
            "7:7: uisp is not a complete address",
        ),
        (
            good(
                "[[uisp]]\nname = \"u\"\nurl = \"https://u.example\"\ntoken_file = \"hook\"\nca_file = \"no-such\"\n",
            ),
            "9:11: this file cannot be read",
        ),
        (
            good(
                "[[uisp]]\nname = \"u\"\nurl = \"https://u.example\"\ntoken_file = \"hook\"\nca_file = \"hook\"\n",
            ),
            "9:11: this value does not fit",
        ),
        (
            source("name = \"x\"\nformat = \"alertmanger\"\ntoken_file = \"hook\"\n"),
            "7:10: the word alertmanger is not known here. Known words: alertmanager, generic",
        ),
        (
            source("name = \"x\"\nformat = \"generic\"\ntoken_sha256 = \"demo\"\n"),
            "8:16: give the SHA-256 of the token",
        ),
        (
            source("name = \"x\"\nformat = \"generic\"\ntoken_file = \"open\"\n"),
            "8:14: the secret file",
        ),
        (
            good("[[groups]]\nchat = 1234567890\nkind = \"x\"\n"),
            "6:8: the number of a group begins with a minus. 1234567890 is a person; write -1234567890",
        ),
        (
            good("[[groups]]\nchat = -1.2345678901234568e+18\nkind = \"x\"\n"),
            "6:8: -1.2345678901234568e18 has lost digits",
        ),
        (
            good("[[groups]]\nchat = \"-1.2e+18\"\nkind = \"x\"\n"),
            "6:8: -1.2e+18 has lost digits",
        ),
        (
            good("[[groups]]\nchat = \"Backbone\"\nkind = \"x\"\n"),
            "6:8: Backbone is not a number",
        ),
        (good("[[groups]]\nkind = \"x\"\n"), "5:1: chat is missing"),
        (
            format!("administrators = [-100123]\n{}", good("")),
            "1:19: -100123 is not the number of a person",
        ),
        (
            format!("administrators = [1.0e9]\n{}", good("")),
            "1:19: 1e9 has lost digits",
        ),
        (
            "[telegram]\ntoken_file = \"token\"\n".into(),
            ": store.path is missing",
        ),
        ("[store]\npath = \"x\"\n".into(), ": no bot token."),
        (
            good("").replace("\"token\"", "\"open\""),
            "2:14: the secret file",
        ),
        (
            good("").replace("\"token\"", "\"empty\""),
            "2:14: the secret file",
        ),
        (
            good("").replace("\"token\"", "\"short\""),
            "2:14: this is not a bot token",
        ),
        (
            good("").replace("\"token\"", "\"nowhere\""),
            "2:14: the secret file",
        ),
        (
            good("").replace("[store]", "mode = \"pol\"\n[store]"),
            "3:8: the word pol is not known here. Known words: poll, webhook",
        ),
        (
            good("").replace("[store]", "mode = \"webhook\"\n[store]"),
            ": telegram.webhook is missing",
        ),
        (
            good("").replace("[store]", "api_url = \"127.0.0.1\"\n[store]"),
            "3:11: 127.0.0.1 is not a complete address (http, https)",
        ),
        (
            good(
                "[telegram.webhook]\npublic_url = \"http://x.example\"\nsecret_file = \"short\"\n",
            )
            .replace("[store]", "mode = \"webhook\"\n[store]"),
            "7:14: http://x.example is not a complete address (https)",
        ),
    ] {
        let problems = desk.problems(&text);
        let told = told.trim_start_matches(": ");
        assert!(
            problems
                .iter()
                .any(|problem| problem.trim_start_matches(": ").starts_with(told)),
            "wanted {told}\nin {problems:#?}\nfor\n{text}"
        );
    }
}

#[test]
fn several_faults_are_told_at_once() {
    let desk = Desk::new();
    let text = good(
        "cache = 1\nballast_mib = \"x\"\n[web]\nlisten = \"here\"\nports = 1\n\
         [[groups]]\nchat = 5\n[[sources]]\nname = \"a\"\ntokn = \"b\"\n",
    );
    let problems = desk.problems(&text);
    for place in ["5:", "6:", "8:", "9:", "11:", "10:", "14:", "12:"] {
        assert!(
            problems.iter().any(|problem| problem.starts_with(place)),
            "{place} in {problems:#?}"
        );
    }
}

#[test]
fn two_sources_with_one_name_are_refused() {
    let desk = Desk::new();
    let source =
        format!("[[sources]]\nname = \"a\"\nformat = \"generic\"\ntoken_sha256 = \"{HASH}\"\n");
    let problems = desk.problems(&good(&format!("{source}{source}")));
    assert_eq!(problems, ["10:8: two sources have the name a"]);
}

#[test]
fn the_token_may_come_from_a_credential() {
    let desk = Desk::new();
    let credentials = tempfile::tempdir().unwrap();
    fs::write(credentials.path().join(CREDENTIAL), format!("{TOKEN}\n")).unwrap();
    fs::write(desk.file(), "[store]\npath = \"x\"\n").unwrap();
    let reading = read(&desk.file(), Some(credentials.path()));
    assert_eq!(reading.problems, []);
    assert_eq!(
        reading.config.unwrap().telegram.token.expose_secret(),
        TOKEN
    );
    let without = read(&desk.file(), None);
    assert_eq!(without.problems[0].topic, Topic::Token);
    assert!(without.store.is_some(), "an export needs no token");
}

#[test]
fn a_local_server_takes_short_tokens() {
    let desk = Desk::new();
    desk.secret("short", "123:abc", 0o600);
    let text = good("").replace(
        "\"token\"",
        "\"short\"\napi_url = \"http://127.0.0.1:8081\"",
    );
    assert_eq!(desk.read(&text).problems, []);
}

#[test]
fn no_secret_is_shown() {
    let desk = Desk::new();
    let config = desk.read(&good("")).config.unwrap();
    assert!(!format!("{config:?}").contains("AAExample"));
}

/// Whether a comment is a setting that is switched off, and not a sentence.
fn is_setting(comment: &str) -> bool {
    comment
        .split_once(" = ")
        .is_some_and(|(key, _)| !key.contains(' '))
}

#[test]
fn the_example_is_good() {
    let desk = Desk::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("data/example/vigie.toml")).unwrap();
    desk.secret("telegram-token", TOKEN, 0o600);
    let reading = desk.read(&text);
    assert_eq!(reading.problems, []);
    let config = reading.config.unwrap();
    let warned: Vec<_> = config
        .warnings
        .iter()
        .map(|warning| &warning.place)
        .collect();
    assert_eq!(warned.len(), 1, "of the token that everybody knows");
    assert!(warned[0].ends_with(":75:16"), "{warned:?}");
    let source = &config.sources[0];
    assert!(
        source
            .tokens
            .contains(&crate::monitor::source::TokenHash::of("change-me"))
    );
    // What is commented out is good as well.
    desk.secret("uisp-token", "a-token", 0o600);
    desk.secret("mail-password", "a-password", 0o600);
    desk.secret("members-page-secret", &"s".repeat(64), 0o600);
    let more: String = text
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(key) if key.starts_with('[') || is_setting(key) => format!("{key}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let more = more.replace("mode = \"poll\"", "mode = \"webhook\"");
    let more = more.replace("/run/credentials/vigie.service/webhook-secret", "hook");
    let more = more.replace(
        "/run/credentials/vigie.service/mail-password",
        "mail-password",
    );
    let more = more.replace(
        "/run/credentials/vigie.service/members-page-secret",
        "members-page-secret",
    );
    assert_eq!(desk.read(&more).problems, [], "{more}");
}

#[test]
fn the_sample_of_uisp_is_good() {
    let desk = Desk::new();
    desk.secret("uisp-token", "a-token", 0o600);
    let reading = desk.read(&good(include_str!("../../deploy/uisp/vigie.toml")));
    assert_eq!(reading.problems, []);
    assert_eq!(reading.config.unwrap().uisp.len(), 1);
}

#[test]
fn a_members_page_has_an_address_and_secrets_that_nobody_guesses() {
    let desk = Desk::new();
    let (old, new) = ("o".repeat(32), "n".repeat(64));
    desk.secret("page", &format!("{new}\n{old}\n"), 0o600);
    let section = "[members_page]\nurl = \"https://membres.example.coop/telegram\"\n";
    let config = desk.read(&good(&format!("{section}secret_file = \"page\"\n")));
    let config = config.config.unwrap();
    let shown = config.settings.members_page.as_deref();
    assert_eq!(shown, Some("https://membres.example.coop/telegram"));
    assert!(config.members_page.is_some());
    desk.secret("page", &format!("{new}\nshort\n"), 0o600);
    let told = desk.problems(&good(&format!("{section}secret_file = \"page\"\n")));
    assert!(told.len() == 1 && told[0].contains("32"), "{told:?}");
    let told = desk.problems(&good("[members_page]\n"));
    let missing = |key: &str| told.iter().any(|problem| problem.contains(key));
    assert!(missing("url") && missing("secret_file"), "{told:?}");
}
