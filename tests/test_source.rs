//! `vigie test-source` and `vigie uisp-import`, as a volunteer runs them.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "helpers of tests"
)]

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// A demo that runs until the test ends.
struct Demo {
    child: Child,
    url: String,
    folder: TempDir,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn vigie(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(words).env_clear().env("LANG", "en_GB.UTF-8");
    command
}

impl Demo {
    fn start() -> Self {
        let mut child = vigie(&["demo", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines.map_while(Result::ok).find_map(|line| {
            line.split_whitespace()
                .find(|word| word.starts_with("http://"))
                .map(str::to_owned)
        });
        Self {
            child,
            url: url.unwrap(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn token(&self, name: &str, token: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, token).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    fn tests(&self, source: &str, format: &str, token: &str) -> Output {
        let url = format!("{}/hooks/{source}", self.url.trim_end_matches('/'));
        let token = self.token("token", token);
        let words = [
            "test-source",
            source,
            "--url",
            &url,
            "--format",
            format,
            "--hold",
            "1",
            "--token-file",
        ];
        vigie(&words).arg(token).output().unwrap()
    }

    async fn backbone(&self) -> String {
        let url = format!(
            "{}/sim/chats/-1001000000001/messages?limit=50",
            self.url.trim_end_matches('/')
        );
        reqwest::get(url).await.unwrap().text().await.unwrap()
    }
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr]
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_goes_the_whole_way_and_is_ended_and_says_what_happened() {
    let demo = Demo::start();
    for format in ["alertmanager", "zabbix", "uptime-kuma"] {
        let output = demo.tests(format, format, "demo");
        let told = said(&output);
        assert!(output.status.success(), "{told}");
        for words in [
            "\"accepted\":1",
            "Telegram has taken a message",
            "The test is ended",
            "technical group",
        ] {
            assert!(told.contains(words), "{words} in {told}");
        }
        assert!(!told.contains("demo\n"), "no token: {told}");
    }
    let group = demo.backbone().await;
    assert!(group.contains("essai-zabbix"), "{group}");
    assert!(
        group.contains("Essai <b>gras</b> & _a_ *b* `c` [d](http://e.example)"),
        "{group}"
    );
    assert!(
        !group.contains('\u{202E}'),
        "the direction is not for a source to turn"
    );
}

#[test]
fn what_goes_wrong_is_told_with_a_code() {
    let demo = Demo::start();
    for (source, format, token, code, words) in [
        ("alertmanager", "alertmanager", "wrong", 77, "401"),
        ("nobody", "generic", "demo", 77, "401"),
        ("alertmanager", "no-such-format", "demo", 64, "--format"),
    ] {
        let output = demo.tests(source, format, token);
        let told = said(&output);
        assert_eq!(output.status.code(), Some(code), "{told}");
        assert!(told.contains(words), "{told}");
    }
    let token = demo.token("t", "x");
    let nobody = [
        "test-source",
        "x",
        "--url",
        "http://127.0.0.1:9/hooks/x",
        "--token-file",
    ];
    let output = vigie(&nobody).arg(&token).output().unwrap();
    assert_eq!(output.status.code(), Some(69), "{}", said(&output));
    let uisp = ["uisp-import", "--url", "http://127.0.0.1:9", "--token-file"];
    let output = vigie(&uisp).arg(&token).output().unwrap();
    assert_eq!(output.status.code(), Some(65), "{}", said(&output));
    assert!(output.stdout.is_empty(), "half a file is none");
}

#[test]
fn with_a_configuration_the_source_and_its_token_are_checked_first() {
    let demo = Demo::start();
    let folder = demo.folder.path();
    demo.token("bot", "123456789:AAExample_Token-of-35-characters-xyz");
    demo.token("hook", "the-token");
    let address = demo
        .url
        .trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned();
    let config = format!(
        "[telegram]\ntoken_file = \"bot\"\n[store]\npath = \"store\"\n[web]\nlisten = \"{address}\"\n\
         [[sources]]\nname = \"nms\"\nformat = \"librenms\"\ntoken_file = \"hook\"\n"
    );
    let file = folder.join("vigie.toml");
    std::fs::write(&file, config).unwrap();
    let run = |source: &str, token: &str| {
        let token = demo.token("mine", token);
        let mut command = vigie(&["test-source", source, "--hold", "0"]);
        command
            .arg("--config")
            .arg(&file)
            .arg("--token-file")
            .arg(token);
        command.output().unwrap()
    };
    let unknown = run("nsm", "the-token");
    assert_eq!(unknown.status.code(), Some(64));
    assert!(said(&unknown).contains("nms"), "{}", said(&unknown));
    let wrong = run("nms", "another");
    assert_eq!(wrong.status.code(), Some(77));
    assert!(
        said(&wrong).contains("not that of this source"),
        "{}",
        said(&wrong)
    );
    // The demo knows no such source: it is asked at the address of the configuration.
    let there = run("nms", "the-token");
    assert!(said(&there).contains("/hooks/nms"), "{}", said(&there));
    assert_eq!(there.status.code(), Some(77));
}
