//! The shipped binary, as a person and a service manager meet it.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::too_many_lines,
    clippy::disallowed_methods,
    reason = "helpers and tables of tests"
)]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(30);
/// Passes for a real one; a test greps for it.
const TOKEN: &str = "123456789:AAExample_Token-of-35-characters-xyz";
const HOOK_TOKEN: &str = "a-hook-token-of-the-tests";

fn vigie(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(args).env_clear().env("LANG", "en_GB.UTF-8");
    command
}

fn run(args: &[&str]) -> Output {
    vigie(args).output().expect("the binary starts")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// A program that runs until the test ends.
struct Running {
    child: Child,
    lines: Option<BufReader<std::process::ChildStdout>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    fn start(mut command: Command, log: &Path) -> Self {
        let log = fs::File::create(log).expect("a log");
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the binary starts");
        let lines = child.stdout.take().map(BufReader::new);
        Self { child, lines }
    }

    /// The first address on standard output.
    fn address(&mut self) -> String {
        let lines = self.lines.as_mut().expect("standard output");
        let mut line = String::new();
        while lines.read_line(&mut line).expect("text") > 0 {
            if let Some(at) = line.find("http://") {
                let address = line[at..].split_whitespace().next().expect("a word");
                return address.trim_end_matches(['/', '.', ',']).to_owned();
            }
            line.clear();
        }
        panic!("no address was printed");
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill")
            .args([name, &pid])
            .status()
            .expect("kill");
        assert!(sent.success());
    }

    fn exit_code(&mut self) -> Option<i32> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it did not end");
    }
}

/// A folder with a configuration and its secret.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        desk.write("token", TOKEN, 0o600);
        desk.write("hook-token", HOOK_TOKEN, 0o600);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str, mode: u32) -> String {
        let path = self.path(name);
        fs::write(&path, text).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("rights");
        path.display().to_string()
    }

    fn config(&self, more: &str) -> String {
        let text = format!(
            "[telegram]\ntoken_file = \"token\"\n{more}\n[store]\npath = \"store\"\nballast_mib = 0\n\
             [[sources]]\nname = \"prometheus\"\nformat = \"alertmanager\"\ntoken_file = \"hook-token\"\n"
        );
        self.write("vigie.toml", &text, 0o644)
    }
}

fn free_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}

async fn until_ready(address: &str) {
    let start = Instant::now();
    loop {
        let answer = reqwest::get(format!("{address}/readyz")).await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "{address} is not ready");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn help_shows_every_command_and_flag_in_two_languages() {
    for (lang, words) in [
        ("en_GB.UTF-8", "Check a configuration"),
        ("fr_FR.UTF-8", "Vérifier une configuration"),
    ] {
        let help = vigie(&["--help"]).env("LANG", lang).output().expect("help");
        assert_eq!(help.status.code(), Some(0));
        let help = out(&help);
        for word in [
            "demo",
            "emulator",
            "run",
            "check-config",
            "export",
            "import",
            "--log",
            "--version",
            words,
        ] {
            assert!(help.contains(word), "{word} in\n{help}");
        }
    }
    for (command, flags) in [
        (
            "demo",
            &[
                "--listen",
                "127.0.0.1:8787",
                "--data",
                "VIGIE_LISTEN",
                "VIGIE_DATA",
            ][..],
        ),
        ("emulator", &["--listen", "--data", "--pace"]),
        ("run", &["--config", "VIGIE_CONFIG"]),
        ("check-config", &["<FILE>"]),
        ("export", &["<FILE>", "--config", "--data"]),
        ("import", &["<FILE>", "--config", "--data"]),
    ] {
        let help = out(&run(&[command, "--help"]));
        for flag in flags {
            assert!(help.contains(flag), "{flag} in\n{help}");
        }
    }
    let version = out(&run(&["--version"]));
    assert_eq!(
        version.trim(),
        format!("vigie {}", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_wrong_command_line_is_told_with_code_2() {
    for args in [
        &["no-such-command"][..],
        &["demo", "--lisen", "127.0.0.1:1"],
        &["demo", "--listen", "8787"],
        &["run"],
        &["export", "file"],
        &["export", "file", "--config", "a", "--data", "b"],
        &[],
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(!err(&output).is_empty());
    }
}

#[test]
fn a_good_configuration_is_understood() {
    let desk = Desk::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let network = root.join("data/example/network.toml");
    fs::copy(network, desk.path("network.toml")).expect("copied");
    let text = fs::read_to_string(root.join("data/example/vigie.toml")).expect("text");
    desk.write("telegram-token", TOKEN, 0o600);
    let file = desk.write("vigie.toml", &text, 0o644);
    let output = run(&["check-config", &file]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let said = out(&output);
    for words in [
        "the configuration is good",
        "api.telegram.org",
        "127.0.0.1:8787",
        "/hooks/prometheus",
    ] {
        assert!(said.contains(words), "{words} in\n{said}");
    }
    assert!(!said.contains("AAExample"));
    let sample = "warning: the token change-me is that of the example";
    let stands = text
        .lines()
        .position(|line| line.starts_with("token_sha256"));
    let line = stands.expect("a token") + 1;
    let warned = err(&output);
    assert!(
        warned.contains(&format!("vigie.toml:{line}:16: {sample}")),
        "{warned}"
    );
    let french = vigie(&["check-config", &file])
        .env("LANG", "fr_FR.UTF-8")
        .output();
    assert!(out(&french.expect("French")).contains("la configuration est bonne"));
}

#[test]
fn the_token_of_the_example_is_warned_of() {
    let desk = Desk::new();
    let file = desk.config("");
    assert_eq!(err(&run(&["check-config", &file])), "");
    desk.write("hook-token", "change-me\n", 0o600);
    let output = run(&["check-config", &file]);
    assert_eq!(output.status.code(), Some(0));
    let warned = err(&output);
    let place = "vigie.toml:10:14: warning: the token change-me is that of the example";
    assert!(warned.contains(place), "{warned}");
}

#[test]
fn a_configuration_with_a_fault_is_told_with_its_line() {
    let desk = Desk::new();
    desk.write("open", TOKEN, 0o644);
    for (more, code, told) in [
        (
            "mdoe = \"poll\"",
            64,
            ":3:1: there is no key mdoe. Did you mean mode?",
        ),
        ("mode = \"pol\"", 64, ":3:8: the word pol is not known here"),
        ("mode = poll", 64, ":3:8: this is not valid TOML"),
        (
            "api_url = 5",
            64,
            ":3:11: expected a text in quotes, found a whole number",
        ),
        (
            "[web]\nlisten = \"8787\"",
            64,
            ":4:10: 8787 is not an address",
        ),
        (
            "[[groups]]\nchat = 1001234567890\nkind = \"local\"",
            64,
            ":4:8: the number of a group begins with a minus",
        ),
        (
            "[[groups]]\nchat = 1.2345678901234568e+18\nkind = \"local\"",
            64,
            ":4:8: 1.2345678901234568e18 has lost digits",
        ),
        (
            // A port of its own: the demo may run beside.
            "[web]\nlisten = \"127.0.0.1:0\"\n[network]\nfiles = [\"nowhere.toml\"]",
            64,
            "nowhere.toml",
        ),
    ] {
        let file = desk.config(more);
        for command in [
            &["check-config", file.as_str()][..],
            &["run", "--config", &file],
        ] {
            let output = run(command);
            assert_eq!(output.status.code(), Some(code), "{more}\n{}", err(&output));
            assert!(err(&output).contains(told), "{told} in\n{}", err(&output));
            let lines = err(&output);
            assert_eq!(lines.trim().lines().count(), 1, "one line: {lines}");
        }
    }
    desk.write(
        "network.toml",
        "[[equipment]]\nid = \"a\"\nclas = \"access\"\n",
        0o644,
    );
    let file = desk.config("[network]\nfiles = [\"network.toml\"]");
    let output = run(&["check-config", &file]);
    assert_eq!(output.status.code(), Some(65), "{}", err(&output));
    let told = err(&output);
    let place = "network.toml:3:1: the field clas is unknown";
    assert!(told.contains(place), "{told}");
    assert_eq!(told.matches("network.toml:3").count(), 1, "{told}");
    let open = desk.config("").replace("vigie.toml", "open.toml");
    let text = "[telegram]\ntoken_file = \"open\"\n[store]\npath = \"store\"\n";
    desk.write("open.toml", text, 0o644);
    let output = run(&["run", "--config", &open]);
    assert_eq!(output.status.code(), Some(77));
    assert!(err(&output).contains("chmod 600"), "{}", err(&output));
    desk.write("open.toml", "[store]\npath = \"store\"\n", 0o644);
    let output = run(&["run", "--config", &open]);
    assert_eq!(output.status.code(), Some(77));
    assert!(err(&output).contains("vigie demo"), "{}", err(&output));
    assert_eq!(
        run(&["run", "--config", "/no/such/file"]).status.code(),
        Some(64)
    );
}

#[test]
fn a_port_that_is_taken_is_told_with_code_69() {
    let desk = Desk::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let config = desk.config(&format!("[web]\nlisten = \"{address}\""));
    for args in [
        &["demo", "--listen", address.as_str()][..],
        &["emulator", "--listen", &address],
        &["run", "--config", &config],
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(69), "{args:?}\n{}", err(&output));
        let told = format!("the address {address} is taken");
        assert!(err(&output).contains(&told), "{}", err(&output));
    }
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told_with_code_73() {
    for args in [
        &[
            "demo",
            "--listen",
            "127.0.0.1:0",
            "--data",
            "/dev/null/vigie",
        ][..],
        &[
            "emulator",
            "--listen",
            "127.0.0.1:0",
            "--data",
            "/dev/null/vigie",
        ],
        &["export", "/tmp/x", "--data", "/dev/null/vigie"],
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(73), "{args:?}\n{}", err(&output));
        assert!(err(&output).contains("/dev/null/vigie"), "{}", err(&output));
    }
}

#[tokio::test]
async fn a_demo_starts_is_alone_on_its_store_and_ends_cleanly() {
    let desk = Desk::new();
    let data = desk.path("data").display().to_string();
    let demo = vigie(&["demo", "--listen", "127.0.0.1:0", "--data", &data]);
    let mut demo = Running::start(demo, &desk.path("log"));
    let address = demo.address();
    until_ready(&address).await;
    let page = reqwest::get(format!("{address}/")).await.expect("the page");
    assert!(page.status().is_success());
    let again = run(&["demo", "--listen", "127.0.0.1:0", "--data", &data]);
    assert_eq!(again.status.code(), Some(75), "{}", err(&again));
    assert!(err(&again).contains("another instance"), "{}", err(&again));
    let file = desk.path("all.jsonl").display().to_string();
    let export = run(&["export", &file, "--data", &data]);
    assert_eq!(export.status.code(), Some(75), "{}", err(&export));
    demo.signal("-TERM");
    assert_eq!(demo.exit_code(), Some(0));

    let export = run(&["export", &file, "--data", &data]);
    assert_eq!(export.status.code(), Some(0), "{}", err(&export));
    assert!(out(&export).contains("entries"), "{}", out(&export));
    let copy = desk.path("copy").display().to_string();
    let import = run(&["import", &file, "--data", &copy]);
    assert_eq!(import.status.code(), Some(0), "{}", err(&import));
    let import = run(&["import", &file, "--data", &copy]);
    assert_eq!(import.status.code(), Some(65), "{}", err(&import));
    let second = desk.path("second.jsonl").display().to_string();
    assert_eq!(
        run(&["export", &second, "--data", &copy]).status.code(),
        Some(0)
    );
    let entries = |file: &str| -> Vec<String> {
        let text = fs::read_to_string(file).expect("text");
        let mut lines: Vec<_> = text
            .lines()
            .filter(|line| line.starts_with("{\"k\":"))
            .map(str::to_owned)
            .collect();
        lines.sort();
        lines
    };
    assert!(entries(&file).len() > 50);
    assert_eq!(
        entries(&file),
        entries(&second),
        "the same entries with the same revisions"
    );
}

#[tokio::test]
async fn a_service_takes_hooks_shows_no_secret_and_ends_on_sigterm() {
    let desk = Desk::new();
    let emulator = Running::start(
        vigie(&["emulator", "--listen", "127.0.0.1:0"]),
        &desk.path("emulator-log"),
    );
    let mut emulator = emulator;
    let api = emulator.address();
    let listen = free_port();
    let more = format!("api_url = \"{api}\"\n[web]\nlisten = \"{listen}\"");
    let config = desk.config(&more);
    let log = desk.path("log");
    let mut service = Running::start(vigie(&["run", "--config", &config, "--log", "debug"]), &log);
    let address = format!("http://{listen}");
    until_ready(&address).await;
    let hook = |token: &'static str| {
        reqwest::Client::new()
            .post(format!("{address}/hooks/prometheus"))
            .bearer_auth(token)
            .body(r#"{"alerts":[{"labels":{"alertname":"A","equipment":"x"}}]}"#)
            .send()
    };
    assert_eq!(hook(HOOK_TOKEN).await.expect("an answer").status(), 200);
    assert_eq!(hook("wrong").await.expect("an answer").status(), 401);
    let pid = service.child.id();
    for file in ["environ", "cmdline"] {
        let text = fs::read(format!("/proc/{pid}/{file}")).expect("of our own process");
        let text = String::from_utf8_lossy(&text).into_owned();
        assert!(
            !text.contains("AAExample") && !text.contains(HOOK_TOKEN),
            "{text}"
        );
    }
    service.signal("-TERM");
    assert_eq!(service.exit_code(), Some(0));
    let log = fs::read_to_string(&log).expect("a log");
    assert!(!log.is_empty());
    assert!(
        !log.contains("AAExample") && !log.contains(HOOK_TOKEN),
        "{log}"
    );
}

#[tokio::test]
async fn a_token_that_is_refused_ends_with_code_77() {
    let desk = Desk::new();
    let emulator = vigie_emulator::Emulator::builder()
        .strict(true)
        .start()
        .await;
    let emulator = emulator.expect("an emulator");
    let more = format!(
        "api_url = \"{}\"\n[web]\nlisten = \"{}\"",
        emulator.url(),
        free_port()
    );
    let config = desk.config(&more);
    let mut service = Running::start(vigie(&["run", "--config", &config]), &desk.path("log"));
    let code = tokio::task::spawn_blocking(move || service.exit_code());
    assert_eq!(code.await.expect("an end"), Some(77));
    let log = fs::read_to_string(desk.path("log")).expect("a log");
    assert!(log.contains("refuses the bot's token"), "{log}");
}

#[test]
fn a_published_ballot_is_counted_again() {
    let folder = TempDir::new().expect("a folder");
    let told = fs::read_to_string("bot/domain/assembly/published/golden.jsonl").expect("the file");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let recount = |text: &str| {
        fs::write(at("ballot"), text).expect("written");
        run(&["recount", &at("ballot"), "--out", &at("counted")])
    };
    let same = recount(&told);
    assert!(same.status.success(), "{}", err(&same));
    assert!(out(&same).contains("64.06 %"), "{}", out(&same));
    assert!(out(&same).contains("byte for byte"));
    assert_eq!(fs::read_to_string(at("counted")).expect("the count"), told);
    let forged = recount(&told.replacen("no-quorum", "adopted", 1));
    assert_eq!(forged.status.code(), Some(65));
    let line = told.lines().position(|line| line.contains("no-quorum"));
    let line = format!("line {} ", line.expect("a result") + 1);
    assert!(err(&forged).contains(&line), "{}", err(&forged));
    let missing = recount(&told.replacen("\"count\":157", "\"count\":156", 1));
    assert_eq!(missing.status.code(), Some(65));
    assert!(err(&missing).contains("college priv"), "{}", err(&missing));
    let french = vigie(&["recount", &at("ballot")])
        .env("LANG", "fr_FR.UTF-8")
        .output();
    assert!(err(&french.expect("the binary starts")).contains("collège priv"));
}
