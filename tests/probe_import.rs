//! Probes in network files: read the same from every format, and every fault with its line.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail the test they help"
)]

use vigie_domain::network_import::{Format, NetworkFile, Problem, SourceFile, parse_all};

fn read(format: Format, name: &str, text: &str) -> Result<NetworkFile, Vec<Problem>> {
    parse_all(&[SourceFile { format, name, text }])
}

fn lines(found: &Result<NetworkFile, Vec<Problem>>) -> Vec<String> {
    let problems = found.as_ref().err().map_or(&[][..], Vec::as_slice);
    problems.iter().map(ToString::to_string).collect()
}

const WHOLE: [&str; 3] = [
    "ping 10.1.2.3 every=5000ms failures=5",
    "tcp relais.example.net:443",
    "http https://www.example.net text=\"Bienvenue à bord\"",
];

fn probes(found: Result<NetworkFile, Vec<Problem>>) -> Vec<String> {
    let network = found.unwrap();
    network.equipment[0]
        .probes
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn probes_are_the_same_in_every_format() {
    let toml = "[[equipment]]\nid = \"gate\"\nclass = \"backbone\"\nprobe = [\n  \
        'ping 10.1.2.3 every=5s failures=5',\n  'tcp relais.example.net:443',\n  \
        'http https://www.example.net text=\"Bienvenue à bord\"',\n]\n";
    assert_eq!(probes(read(Format::Toml, "n.toml", toml)), WHOLE);
    let json = "{\"equipment\": [{\"id\": \"gate\", \"class\": \"backbone\", \"sondes\": \
        [\"ping 10.1.2.3 toutes=5s échecs=5\", \"tcp relais.example.net:443\", \
        \"http https://www.example.net text=\\\"Bienvenue à bord\\\"\"]}]}";
    assert_eq!(probes(read(Format::Json, "n.json", json)), WHOLE);
    let csv = "nom;classe;sonde\ngate;backbone;\"ping 10.1.2.3 toutes=5s échecs=5 | \
        tcp relais.example.net:443 | http https://www.example.net text=\"\"Bienvenue à bord\"\"\"\n";
    assert_eq!(probes(read(Format::Csv, "n.csv", csv)), WHOLE);
}

#[test]
fn faults_of_probes_are_told_with_their_line() {
    let toml = "[[equipment]]\nid = \"gate\"\nclass = \"backbone\"\nprobe = [\n  \
        \"pnig 10.1.2.3\",\n  \"tcp 10.1.2.3\",\n  \"ping 10.1.2.3\",\n  \"icmp 10.1.2.3\",\n  7,\n]\n\
        [[equipment]]\nid = \"relay\"\nclass = \"backbone\"\nprobe = \"ping 10.1.2.4 every=2h\"\n";
    assert_eq!(
        lines(&read(Format::Toml, "n.toml", toml)),
        [
            "n.toml:5:3: unknown word: probe: pnig (perhaps ping?)",
            "n.toml:6:3: missing field: probe port: 10.1.2.3 (one of: 10.1.2.3:443)",
            "n.toml:8:3: field given twice: probe: ping 10.1.2.3",
            "n.toml:9:3: unknown word: probe: 7 (one of: ping 10.1.2.3, tcp 10.1.2.3:443, \
             http https://…, dns example.net @10.1.2.3)",
            "n.toml:14:9: number out of bounds: probe every: 2h (one of: 200ms-60min)",
        ]
    );
    let csv = "nom;classe;sonde\ngate;backbone;ping 10.1.2.3\nrelay;backbone;http ftp://a\n";
    assert_eq!(
        lines(&read(Format::Csv, "n.csv", csv)),
        ["n.csv:3: wrong type of value: probe: ftp://a (one of: https://…, http://…)"]
    );
    let many: Vec<String> = (0..9).map(|n| format!("ping 10.1.2.{n}")).collect();
    let csv = format!("nom;classe;sonde\ngate;backbone;{}\n", many.join("|"));
    assert_eq!(
        lines(&read(Format::Csv, "n.csv", &csv)),
        ["n.csv:2: text too long: probe: ping 10.1.2.8 (limit 8)"]
    );
}

#[test]
fn a_password_in_an_address_is_refused_and_not_repeated() {
    let csv = "nom;classe;sonde\ngate;backbone;http https://admin:geheim@10.1.2.3/\n";
    let told = lines(&read(Format::Csv, "n.csv", csv));
    assert_eq!(told.len(), 1);
    assert!(!told[0].contains("geheim"), "{told:?}");
}
