//! People of the town ask to be let into groups, and leave them.

use serde_json::json;

use super::{Person, Town};

impl Town {
    /// Everybody has written to us once, and we have looked around: from then on we are told who
    /// comes and goes.
    pub async fn with_everybody(self) -> Self {
        for user in &self.world.users {
            let body = json!({"type": "private", "members": [user["id"]]});
            self.sim.chat(&body).unwrap();
        }
        self.looked_around().await;
        self
    }

    /// The link by which people ask to be let into a group, as somebody gets it from us.
    pub async fn link(&self, who: &Person, title: &str) -> String {
        let before = self.calls("createChatInviteLink").len();
        who.types(&who.name, "/rejoindre");
        let list = self.sees(&who.name, "Voici les groupes").await;
        who.taps(&list, &format!("Rejoindre {title}")).await;
        let offer = self
            .sees(
                &who.name,
                &format!("Voici de quoi demander à entrer dans le groupe {title}"),
            )
            .await;
        assert_eq!(offer.buttons(), [format!("Rejoindre {title}")]);
        let calls = self.calls("createChatInviteLink");
        assert_eq!(calls.len(), before + 1);
        calls[before]["response"]["result"]["invite_link"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Somebody asks to be let in by a link.
    pub fn asks(&self, who: i64, link: &str) {
        let body = json!({"from": who, "invite_link": link});
        self.sim.post("join", &body).unwrap();
    }

    /// Somebody leaves a group of their own accord.
    pub fn leaves(&self, who: &Person, title: &str) {
        let body = json!({"from": who.id, "chat": self.chat(title)});
        self.sim.post("leave", &body).unwrap();
    }

    /// Whether somebody is in a group, as the messenger sees it.
    pub fn is_in(&self, who: i64, title: &str) -> bool {
        let world = self.sim.world();
        let chats = world["chats"].as_array().unwrap();
        let id = self.chat(title);
        let chat = chats.iter().find(|chat| chat["id"] == id).unwrap();
        let members = chat["members"].as_array().unwrap();
        let known = members.iter().find(|member| member["user_id"] == who);
        known.is_some_and(|member| !matches!(member["status"].as_str(), Some("left" | "kicked")))
    }
}
