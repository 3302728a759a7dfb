//! Help of the command line: which message explains what.

use vigie_domain::text::Key;

/// Help of the arguments of one command.
type ArgTexts = &'static [(&'static str, Key)];

/// Help in the language of the terminal.
pub(super) const HELP: &[(&str, Key, ArgTexts)] = &[
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

#[cfg(test)]
mod tests {
    use vigie_domain::Lang;

    use super::*;
    use crate::args::described;
    use crate::console::Console;
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
            helps.push(command.clone().render_long_help().to_string());
        }
        assert_ne!(helps[0], helps[1]);
    }
}
