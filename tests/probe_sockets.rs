//! Our own probes over real sockets on the loopback.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test stops where something is missing"
)]

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{RData, Record, RecordType};
use tokio::net::{TcpListener, UdpSocket};
use vigie::probe::{Answer, Asker};
use vigie_domain::probe::measure::Why;
use vigie_domain::probe::parse::parse;

async fn ask(text: &str) -> Answer {
    let asker = Asker::new(8).unwrap();
    asker
        .ask(&parse(text).unwrap(), Duration::from_millis(800))
        .await
}

#[track_caller]
fn good(answer: &Answer) -> Duration {
    let Answer::Good { after, .. } = answer else {
        panic!("{answer:?}");
    };
    *after
}

/// Echoes: with the right of the system or of root, else the test says what is missing.
#[tokio::test]
async fn an_echo_comes_back_from_both_families() {
    for text in ["ping 127.0.0.1", "ping ::1", "ping localhost"] {
        let answer = ask(text).await;
        assert!(
            matches!(answer, Answer::Good { after, .. } if after < Duration::from_millis(500)),
            "{text}: {answer:?}; without root, net.ipv4.ping_group_range must allow echoes"
        );
    }
    // One socket serves many at once, also of the same target.
    let asker = Asker::new(1).unwrap();
    let probe = parse("ping 127.0.0.1").unwrap();
    for _ in 0..10 {
        let asked = (0..40).map(|_| asker.ask(&probe, Duration::from_secs(2)));
        for answer in futures::future::join_all(asked).await {
            good(&answer);
        }
    }
}

/// The command, as somebody without any right; where root runs the test, before and after the
/// system allows echoes.
#[test]
fn echoes_need_no_right_but_the_leave_of_the_system() {
    const RANGE: &str = "/proc/sys/net/ipv4/ping_group_range";
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let program = folder.path().join("vigie");
    std::fs::copy(env!("CARGO_BIN_EXE_vigie"), &program).unwrap();
    let is_root = nix_uid() == 0;
    let run = || -> Output {
        let mut command = Command::new(&program);
        command
            .args(["probe", "ping 127.0.0.1"])
            .env_clear()
            .env("LANG", "fr_FR");
        if is_root {
            command.uid(65_534).gid(65_534);
        }
        command.output().unwrap()
    };
    let before = std::fs::read_to_string(RANGE).unwrap();
    let set = |range: &str| is_root && std::fs::write(RANGE, range).is_ok();
    let told = |output: &Output| {
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(68), "{err}");
        assert!(err.contains("net.ipv4.ping_group_range"), "{err}");
    };
    let works = |output: &Output| {
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(said.contains("3 : réponse de 127.0.0.1 en"), "{said}");
    };
    if set("1 0") {
        told(&run());
        assert!(set("0 2147483647"));
        works(&run());
        set(before.trim());
    } else {
        let bounds: Vec<u32> = before
            .split_whitespace()
            .map(|one| one.parse().unwrap())
            .collect();
        let allowed = bounds[0] <= bounds[1];
        let output = run();
        match allowed {
            true => works(&output),
            false => told(&output),
        }
    }
}

fn nix_uid() -> u32 {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").unwrap().uid()
}

#[tokio::test]
async fn a_port_that_listens_answers_and_a_closed_one_refuses() {
    for host in ["127.0.0.1", "[::1]"] {
        let listener = TcpListener::bind(format!("{host}:0")).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        good(&ask(&format!("tcp {host}:{port}")).await);
        drop(listener);
        let answer = ask(&format!("tcp {host}:{port}")).await;
        assert_eq!(answer, Answer::Bad(Why::Refused));
    }
    assert_eq!(
        ask("tcp nowhere.invalid:80").await,
        Answer::Bad(Why::NoName)
    );
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

#[tokio::test]
async fn pages_are_judged_by_status_text_and_time() {
    let router = Router::new()
        .route("/", get(|| async { "Bienvenue à bord" }))
        .route(
            "/moved",
            get(|| async { (StatusCode::FOUND, [("location", "/")]) }),
        )
        .route("/broken", get(|| async { StatusCode::SERVICE_UNAVAILABLE }))
        .route(
            "/long",
            get(|| async { format!("{}fin", "x".repeat(600_000)) }),
        )
        .route(
            "/slow",
            get(|| async { std::future::pending::<&str>().await }),
        );
    let address = serve(router).await;
    for (path, expected) in [
        ("", None),
        (" text=\"Bienvenue à\"", None),
        ("moved", None),
        ("broken status=503", None),
        ("moved status=200", Some(Why::Status(302))),
        ("broken", Some(Why::Status(503))),
        (" text=\"Au revoir\"", Some(Why::NoText)),
        // What is looked for must be near the beginning: memory is bounded.
        ("long text=fin", Some(Why::NoText)),
        ("slow", Some(Why::Timeout)),
    ] {
        let answer = ask(&format!("http http://{address}/{path}")).await;
        match expected {
            None => {
                good(&answer);
            }
            Some(why) => assert_eq!(answer, Answer::Bad(why), "{path}"),
        }
    }
    let answer = ask(&format!("http https://{address}/")).await;
    assert_eq!(answer, Answer::Bad(Why::Tls), "no encryption there");
    let gone = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let answer = ask(&format!("http http://{gone}/")).await;
    assert_eq!(answer, Answer::Bad(Why::Refused));
    let answer = ask("http http://nowhere.invalid/").await;
    assert_eq!(answer, Answer::Bad(Why::NoName));
}

/// A server of names that knows a few; what it is asked of others it does not answer.
async fn names(on: &str) -> SocketAddr {
    let socket = UdpSocket::bind(on).await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 1_500];
        loop {
            let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
            let question = Message::from_vec(&buffer[..length]).unwrap();
            assert!(question.metadata.recursion_desired);
            let query = question.queries[0].clone();
            let name = query.name().clone();
            let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
            answer.add_query(query.clone());
            match (name.to_string().as_str(), query.query_type()) {
                ("four.example.", RecordType::A) => {
                    let data = RData::A(Ipv4Addr::LOCALHOST.into());
                    answer.add_answer(Record::from_rdata(name, 60, data));
                }
                ("six.example.", RecordType::AAAA) => {
                    let data = RData::AAAA(Ipv6Addr::LOCALHOST.into());
                    answer.add_answer(Record::from_rdata(name, 60, data));
                }
                ("four.example." | "six.example.", _) => {}
                ("late.example.", _) => {
                    // An answer to another question first, and what is no message at all.
                    answer.metadata.id = answer.metadata.id.wrapping_add(1);
                    socket
                        .send_to(&answer.to_vec().unwrap(), from)
                        .await
                        .unwrap();
                    socket.send_to(b"?", from).await.unwrap();
                    answer.metadata.id = answer.metadata.id.wrapping_sub(1);
                    let data = RData::A(Ipv4Addr::LOCALHOST.into());
                    answer.add_answer(Record::from_rdata(name, 60, data));
                }
                ("none.example.", _) => answer.metadata.response_code = ResponseCode::NXDomain,
                ("refused.example.", _) => answer.metadata.response_code = ResponseCode::Refused,
                _ => continue,
            }
            socket
                .send_to(&answer.to_vec().unwrap(), from)
                .await
                .unwrap();
        }
    });
    address
}

#[tokio::test]
async fn a_server_of_names_is_asked_for_addresses_of_both_families() {
    for on in ["127.0.0.1:0", "[::1]:0"] {
        let server = names(on).await;
        for (question, expected) in [
            ("four.example", None),
            ("aaaa six.example", None),
            ("late.example", None),
            ("six.example", Some(Why::NoRecord)),
            ("none.example", Some(Why::NoRecord)),
            ("refused.example", Some(Why::DnsCode(5))),
            ("silent.example", Some(Why::Timeout)),
        ] {
            let answer = ask(&format!("dns {question} @{server}")).await;
            match expected {
                None => {
                    good(&answer);
                }
                Some(why) => assert_eq!(answer, Answer::Bad(why), "{question} on {on}"),
            }
        }
    }
    let nobody = UdpSocket::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let answer = ask(&format!("dns four.example @{nobody}")).await;
    assert_eq!(answer, Answer::Bad(Why::Refused));
}

#[tokio::test]
async fn connections_at_once_are_bounded() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counting, highest) = (Arc::clone(&now), Arc::clone(&most));
    let page = move || {
        let (now, most) = (Arc::clone(&counting), Arc::clone(&highest));
        async move {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(20)).await;
            now.fetch_sub(1, Ordering::SeqCst);
            "ok"
        }
    };
    let address = serve(Router::new().route("/", get(page))).await;
    let asker = Asker::new(4).unwrap();
    let probe = parse(&format!("http http://{address}/")).unwrap();
    let asked = (0..40).map(|_| asker.ask(&probe, Duration::from_secs(5)));
    for answer in futures::future::join_all(asked).await {
        good(&answer);
    }
    assert_eq!(
        most.load(Ordering::SeqCst),
        4,
        "as many as allowed, and no more"
    );
}
