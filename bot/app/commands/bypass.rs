//! "Secours en service": another way carries the traffic of something that is down. Its cards say
//! degraded, and what is down behind it is no longer explained by it.

use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{EquipmentId, Place};

use crate::app::alerts::{Bypass, Outage};
use crate::app::error::AppError;
use crate::app::event::Person;
use crate::app::keys;
use crate::app::tx::Tx;

/// Longest name of another way.
const LONGEST: usize = 60;

impl Tx<'_> {
    /// Notes another way, or that it is no longer used. It ends with the outage.
    pub(super) async fn set_bypass(
        &mut self,
        (person, place): (&Person, Place),
        id: &EquipmentId,
        via: Option<&str>,
    ) -> Result<Result<(), Say>, AppError> {
        let key = keys::outage(id);
        let Some(mut outage) = self.get::<Outage>(&key).await? else {
            let name = self.name_of(id).await?;
            let say = Say::new(Text::BypassNothingDown).with("name", Arg::Name(name));
            return Ok(Err(say));
        };
        let covered = outage.covers();
        let before = format!("{:?}", outage.bypass);
        outage.bypass = via.map(|via| Bypass {
            via: via.chars().take(LONGEST).collect(),
            by: person.first_name.clone(),
            at: self.now(),
        });
        let after = format!("{:?}", outage.bypass);
        self.put(key, &outage)?;
        self.audit(person, place, "set-bypass", id.as_str(), (&before, &after))
            .await?;
        match (covered, outage.covers()) {
            (true, false) => self.covers_no_more(id).await?,
            (false, true) => self.covers_now(id).await?,
            _ => {}
        }
        self.refresh(id).await?;
        Ok(Ok(()))
    }
}
