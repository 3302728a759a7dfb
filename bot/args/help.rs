//! Help of the command line in the language of the terminal.

use clap::{Arg, ArgAction, CommandFactory as _};
use vigie_domain::text::{Key, Say};

use super::Args;
use crate::console::Console;

/// Help of the arguments of one command.
type ArgTexts = &'static [(&'static str, Key)];

/// Help in the language of the terminal.
const HELP: &[(&str, Key, ArgTexts)] = &[
    (
        "demo",
        Key::OpsHelpDemo,
        &[
            ("listen", Key::OpsHelpDemoListen),
            ("data", Key::OpsHelpDemoData),
        ],
    ),
    (
        "emulator",
        Key::OpsHelpEmulator,
        &[
            ("listen", Key::OpsHelpEmulatorListen),
            ("data", Key::OpsHelpEmulatorData),
            ("pace", Key::OpsHelpEmulatorPace),
        ],
    ),
    ("run", Key::OpsHelpRun, &[("config", Key::OpsHelpConfig)]),
    (
        "check-config",
        Key::OpsHelpCheck,
        &[("file", Key::OpsHelpConfig)],
    ),
    (
        "probe",
        Key::OpsHelpProbe,
        &[("probe", Key::OpsHelpProbeProbe)],
    ),
    (
        "export",
        Key::OpsHelpExport,
        &[
            ("file", Key::OpsHelpExportFile),
            ("config", Key::OpsHelpStoreConfig),
            ("data", Key::OpsHelpStoreData),
        ],
    ),
    (
        "import",
        Key::OpsHelpImport,
        &[
            ("file", Key::OpsHelpImportFile),
            ("config", Key::OpsHelpStoreConfig),
            ("data", Key::OpsHelpStoreData),
        ],
    ),
    (
        "members",
        Key::MembersCliHelp,
        &[
            ("what", Key::MembersCliWhat),
            ("file", Key::MembersCliFile),
            ("config", Key::OpsHelpStoreConfig),
            ("data", Key::OpsHelpStoreData),
        ],
    ),
    (
        "phone-guide",
        Key::OpsHelpPhoneGuide,
        &[
            ("out", Key::OpsHelpLettersOut),
            ("config", Key::OpsHelpConfig),
        ],
    ),
    (
        "letters",
        Key::OpsHelpLetters,
        &[
            ("list", Key::OpsHelpLettersList),
            ("out", Key::OpsHelpLettersOut),
            ("bot", Key::OpsHelpLettersBot),
            ("config", Key::OpsHelpStoreConfig),
            ("data", Key::OpsHelpStoreData),
        ],
    ),
    (
        "recount",
        Key::AssemblyHelpRecount,
        &[
            ("file", Key::AssemblyHelpRecountFile),
            ("out", Key::AssemblyHelpRecountOut),
        ],
    ),
    (
        "notify",
        Key::NotifyHelp,
        &[
            ("caller", Key::NotifyHelpCaller),
            ("flush", Key::NotifyHelpFlush),
            ("url", Key::NotifyHelpUrl),
            ("token_file", Key::NotifyHelpTokenFile),
            ("spool", Key::NotifyHelpSpool),
            ("timeout", Key::NotifyHelpTimeout),
            ("severity", Key::NotifyHelpSeverity),
            ("arguments", Key::NotifyHelpArguments),
        ],
    ),
    (
        "test-source",
        Key::NotifyHelpTest,
        &[
            ("name", Key::NotifyHelpTestName),
            ("config", Key::OpsHelpConfig),
            ("url", Key::NotifyHelpTestUrl),
            ("token_file", Key::NotifyHelpTokenFile),
            ("format", Key::NotifyHelpTestFormat),
            ("hold", Key::NotifyHelpTestHold),
        ],
    ),
    (
        "uisp-import",
        Key::NotifyHelpUisp,
        &[
            ("url", Key::NotifyHelpUispUrl),
            ("token_file", Key::NotifyHelpUispToken),
            ("ca_file", Key::NotifyHelpUispCa),
        ],
    ),
];

/// The command line with its help in the language of the terminal.
pub(super) fn described(console: &Console<'_>) -> clap::Command {
    let text = |key: Key| console.text(&Say::new(key));
    let mut command = Args::command()
        .about(text(Key::OpsHelp))
        .disable_version_flag(true)
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(text(Key::OpsHelpVersion)),
        )
        .subcommand_value_name(text(Key::OpsHelpCommandWord))
        .mut_arg("log", |arg| told(console, arg, Key::OpsHelpLog))
        .mut_arg("log_format", |arg| {
            told(console, arg, Key::OpsHelpLogFormat)
        });
    for (name, about, args) in HELP {
        command = command.mut_subcommand(name, |mut sub| {
            for (arg, key) in *args {
                sub = sub.mut_arg(arg, |arg| told(console, arg, *key));
            }
            framed(console, sub.about(text(*about)))
        });
    }
    framed(console, command)
}

/// An argument with its help, its kind of value, its variable and its default; what clap itself
/// would say of these is English.
fn told(console: &Console<'_>, arg: Arg, help: Key) -> Arg {
    let text = |key: Key| console.text(&Say::new(key));
    let mut line = text(help);
    if let Some(variable) = arg.get_env() {
        line += &format!(" [{} {}]", text(Key::OpsHelpVariable), variable.display());
    }
    if !arg.get_action().takes_values() {
        return arg.help(line).hide_env(true);
    }
    for default in arg.get_default_values() {
        line += &format!(" [{} {}]", text(Key::OpsHelpDefault), default.display());
    }
    let kind = arg.get_value_names().and_then(<[_]>::first);
    let word = kind.map(|kind| match kind.as_str() {
        "FILE" => text(Key::OpsHelpFileWord),
        "DIR" => text(Key::OpsHelpFolderWord),
        "ADDRESS" => text(Key::OpsHelpAddressWord),
        "FILTER" => text(Key::OpsHelpFilterWord),
        "NAME" => text(Key::NotifyHelpNameWord),
        "WORD" => text(Key::NotifyHelpWordWord),
        "SECONDS" => text(Key::NotifyHelpSecondsWord),
        other => other.to_owned(),
    });
    let arg = match word {
        Some(word) => arg.value_name(word),
        None => arg,
    };
    arg.help(line)
        .hide_env(true)
        .hide_default_value(true)
        .hide_possible_values(true)
}

/// The frame of the help of a command: headings, and the flag for help itself.
fn framed(console: &Console<'_>, command: clap::Command) -> clap::Command {
    let text = |key: Key| console.text(&Say::new(key));
    let mut frame = format!(
        "{{about-with-newline}}\n{} {{usage}}",
        text(Key::OpsHelpUsage)
    );
    let positionals = command.get_positionals().next().is_some();
    let parts = [
        (
            command.has_subcommands(),
            Key::OpsHelpCommands,
            "subcommands",
        ),
        (positionals, Key::OpsHelpArguments, "positionals"),
        (true, Key::OpsHelpOptions, "options"),
    ];
    for (there, heading, tag) in parts {
        if there {
            frame += &format!("\n\n{}\n{{{tag}}}", text(heading));
        }
    }
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::HelpShort)
        .help(text(Key::OpsHelpHelp));
    command
        .disable_help_flag(true)
        .arg(help)
        .help_template(frame)
}

#[cfg(test)]
mod tests {
    use vigie_domain::Lang;

    use super::*;
    use crate::i18n::{LANGS, Texts};

    #[test]
    fn every_command_and_flag_has_help_in_every_language() {
        let texts = Texts::embedded().unwrap();
        let mut helps = Vec::new();
        for lang in LANGS {
            let command = described(&Console::new(&texts, lang));
            command.clone().debug_assert();
            for sub in command.get_subcommands() {
                let row = HELP.iter().find(|(name, ..)| *name == sub.get_name());
                let (_, _, args) = row.unwrap_or_else(|| panic!("{}", sub.get_name()));
                for arg in sub.get_arguments().filter(|arg| !arg.is_global_set()) {
                    let name = arg.get_id().as_str();
                    assert!(
                        name == "help" || args.iter().any(|(known, _)| *known == name),
                        "{} {name}",
                        sub.get_name()
                    );
                    if lang == Lang::Fr && name != "help" && !arg.is_positional() {
                        assert!(arg.get_env().is_some(), "{name} has a variable");
                    }
                }
            }
            let mut whole = command.clone();
            whole.build();
            helps.push(whole.render_help().to_string());
            for sub in whole.get_subcommands_mut() {
                helps.push(sub.render_help().to_string());
            }
        }
        let (french, english) = helps.split_at(helps.len() / 2);
        for (french, english) in french.iter().zip(english) {
            // No line of one language stands in the other, but for empty ones.
            let same = french.lines().find(|line| {
                !line.trim().is_empty() && english.lines().any(|other| other == *line)
            });
            assert_eq!(same, None, "{french}");
        }
    }
}
