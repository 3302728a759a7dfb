//! `/equipement NOM`: the sheet of a piece of equipment. Its settings are in `equipment_settings`
//! (by button in `equipment_steps`, by words in `equipment_words`), names that are not quite right
//! in `equipment_search`.

use vigie_domain::EquipmentId;
use vigie_domain::authz::{Action as Act, Object};
use vigie_domain::network::Equipment;
use vigie_domain::text::Key as Text;

use super::equipment_search::Found;
use super::equipment_words::read_change;
use crate::app::error::AppError;
use crate::app::event::{Command, Sender};
use crate::app::outbox::View;
use crate::app::tx::Tx;

/// Words of a command that are read.
const MOST_WORDS: usize = 12;

impl Tx<'_> {
    /// `/equipement NOM [alertes oui|non | portee … | delai N | rappel N | silence 21h-8h | defaut]`.
    pub(super) async fn equipment_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(actor) = self
            .allowed(command, Act::ReadEquipment, Object::Cooperative)
            .await?
        else {
            return Ok(());
        };
        if command.args.is_empty() {
            return self.answer(command, Text::SheetUsage.into()).await;
        }
        let Some((sheet, rest)) = self.sheet_and_rest(&command.args).await? else {
            return self.nearly_named(command).await;
        };
        let (Sender::Person(person), false) = (&command.from, rest.is_empty()) else {
            return self.show_sheet(command, &sheet.id).await;
        };
        let change = match read_change(&rest) {
            Ok(change) => change,
            // Not a setting, so perhaps the rest of a name of which the beginning is one, too.
            Err(say) if say.key == Text::SheetUsage && self.has_other_names(command).await? => {
                return self.nearly_named(command).await;
            }
            Err(say) => return self.answer(command, say).await,
        };
        if let Err(denied) = self
            .change((person, command.said.place), &actor, &sheet.id, &change)
            .await?
        {
            return self.answer(command, denied).await;
        }
        self.show_sheet(command, &sheet.id).await
    }

    async fn has_other_names(&mut self, command: &Command) -> Result<bool, AppError> {
        let found = self.search(&command.args).await?;
        Ok(found.iter().any(Found::has_every_word))
    }

    /// The longest beginning of the words that names equipment, and the other words.
    pub(in crate::app) async fn sheet_and_rest(
        &mut self,
        args: &str,
    ) -> Result<Option<(Equipment, Vec<String>)>, AppError> {
        let words: Vec<&str> = args.split_whitespace().take(MOST_WORDS).collect();
        for count in (1..=words.len().min(8)).rev() {
            let (name, rest) = words.split_at(count);
            let id = self.equipment_named(&name.join(" ")).await?;
            if let Some(sheet) = self.sheet(&id).await? {
                return Ok(Some((
                    sheet,
                    rest.iter().map(|word| (*word).to_owned()).collect(),
                )));
            }
        }
        Ok(None)
    }

    pub(super) async fn show_sheet(
        &mut self,
        command: &Command,
        id: &EquipmentId,
    ) -> Result<(), AppError> {
        let view = View::Equipment {
            id: id.clone(),
            opener: command.from.account(),
        };
        self.show_answer(command, view).await
    }
}
