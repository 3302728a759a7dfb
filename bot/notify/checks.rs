//! What Icinga 2 and Nagios put into the environment of a notification command, or what their
//! command line says as `name=value`.

use chrono::{DateTime, Utc};

use super::{Caller, Event, Fault, Given, about, start, value};

/// Our names, and the variables of which the first that is set counts. `{}` is SERVICE or HOST.
type Names = &'static [(&'static str, &'static [&'static str])];

const ICINGA2: Names = &[
    ("type", &["NOTIFICATIONTYPE"]),
    ("host", &["HOSTNAME"]),
    ("host_name", &["HOSTDISPLAYNAME"]),
    ("address", &["HOSTADDRESS"]),
    ("service", &["SERVICENAME", "SERVICEDESC"]),
    ("service_name", &["SERVICEDISPLAYNAME"]),
    ("state", &["{}STATE"]),
    ("output", &["{}OUTPUT"]),
    ("long", &["LONG{}OUTPUT"]),
    ("perf", &["{}PERFDATA"]),
    ("since", &["LAST{}STATECHANGE", "LASTSTATECHANGE"]),
    ("number", &["NOTIFICATIONNUMBER"]),
    ("author", &["NOTIFICATIONAUTHORNAME", "NOTIFICATIONAUTHOR"]),
    ("comment", &["NOTIFICATIONCOMMENT"]),
];

const NAGIOS: Names = &[
    ("type", &["NAGIOS_NOTIFICATIONTYPE"]),
    ("host", &["NAGIOS_HOSTNAME"]),
    ("host_name", &["NAGIOS_HOSTALIAS"]),
    ("address", &["NAGIOS_HOSTADDRESS"]),
    ("service", &["NAGIOS_SERVICEDESC"]),
    ("state", &["NAGIOS_{}STATE"]),
    ("output", &["NAGIOS_{}OUTPUT"]),
    ("long", &["NAGIOS_LONG{}OUTPUT"]),
    ("perf", &["NAGIOS_{}PERFDATA"]),
    ("ts", &["NAGIOS_TIMET"]),
    ("since", &["NAGIOS_LAST{}STATECHANGE"]),
    ("number", &["NAGIOS_NOTIFICATIONNUMBER"]),
    ("problem_id", &["NAGIOS_{}PROBLEMID"]),
    ("author", &["NAGIOS_NOTIFICATIONAUTHOR"]),
    ("comment", &["NAGIOS_NOTIFICATIONCOMMENT"]),
];

/// Reads the environment and the arguments; an argument counts before a variable.
pub(super) fn event(caller: Caller, given: &Given, now: DateTime<Utc>) -> Result<Event, Fault> {
    let names = if caller == Caller::Nagios {
        NAGIOS
    } else {
        ICINGA2
    };
    let mut map = start(caller, given, now);
    let variable = |name: &str| given.env.get(name).and_then(|text| value(text));
    let service = names
        .iter()
        .filter(|(name, _)| *name == "service")
        .flat_map(|(_, variables)| variables.iter())
        .any(|name| variable(name).is_some());
    let kind = if service { "SERVICE" } else { "HOST" };
    for (name, variables) in names {
        let found = variables
            .iter()
            .find_map(|name| variable(&name.replace("{}", kind)));
        if let Some(found) = found {
            map.insert((*name).to_owned(), found);
        }
    }
    for argument in &given.args {
        let Some((name, text)) = argument.split_once('=') else {
            return Err(Fault::Event(format!(
                "name=value expected, found {argument:?}"
            )));
        };
        if let Some(text) = value(text) {
            map.insert(name.trim().to_owned(), text);
        }
    }
    // An Icinga that was asked for a macro it does not know writes zero.
    for time in ["ts", "since"] {
        let number = map
            .get(time)
            .and_then(|text| text.as_str()?.parse::<f64>().ok());
        if number.is_some_and(|number| number <= 0.0) {
            map.remove(time);
        }
    }
    let text = |name: &str| {
        map.get(name)
            .and_then(|text| text.as_str())
            .map(str::to_owned)
    };
    let (Some(host), Some(_), Some(_)) = (text("host"), text("type"), text("state")) else {
        let what = match caller {
            Caller::Nagios => {
                "no NAGIOS_NOTIFICATIONTYPE, NAGIOS_HOSTNAME or state: set \
                 enable_environment_macros=1 in nagios.cfg, or give type=, host= and state="
            }
            _ => "no NOTIFICATIONTYPE, HOSTNAME or state: see env of the NotificationCommand",
        };
        return Err(Fault::Event(what.to_owned()));
    };
    let service = text("service").unwrap_or_default();
    Ok(Event {
        about: Some(about(&[caller.word(), &host, &service])),
        body: map.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(caller: Caller, env: &[(&str, &str)], args: &[&str]) -> Result<Event, Fault> {
        let own = |text: &&str| (*text).to_owned();
        let given = Given {
            env: env
                .iter()
                .map(|(name, text)| (own(name), own(text)))
                .collect(),
            args: args.iter().map(own).collect(),
            severity: None,
        };
        event(
            caller,
            &given,
            DateTime::from_timestamp(1_795_563_200, 0).unwrap(),
        )
    }

    #[test]
    fn the_environment_of_icinga_is_passed_on_as_it_is() {
        let env = [
            ("NOTIFICATIONTYPE", "PROBLEM"),
            ("HOSTNAME", "rly_north_01"),
            ("HOSTSTATE", "DOWN"),
            ("HOSTOUTPUT", "CRITICAL <BH> & cost $ 5 'quoted' é"),
            ("SERVICENAME", ""),
            ("SERVICESTATE", ""),
            ("LASTSTATECHANGE", "1795563140.25"),
            ("TELEGRAM_CHAT_ID", "-1001234567890"),
        ];
        let host = told(Caller::Icinga2, &env, &[]).unwrap();
        assert_eq!(host.body["state"], "DOWN");
        assert_eq!(host.body["output"], "CRITICAL <BH> & cost $ 5 'quoted' é");
        assert_eq!(host.body["since"], "1795563140.25");
        assert_eq!(host.body["ts"], 1_795_563_200);
        assert!(host.body.get("service").is_none());
        let service = [
            ("SERVICENAME", "ping"),
            ("SERVICESTATE", "CRITICAL"),
            ("SERVICEOUTPUT", "x"),
            ("LASTSTATECHANGE", "0"),
        ];
        let service: Vec<_> = env
            .iter()
            .copied()
            .filter(|(name, _)| !service.iter().any(|(own, _)| own == name))
            .chain(service)
            .collect();
        let service = told(Caller::Icinga2, &service, &[]).unwrap();
        assert_eq!(
            service.body["state"], "CRITICAL",
            "that of the service, not of its host"
        );
        assert_eq!(service.body["output"], "x");
        assert!(service.body.get("since").is_none());
        assert_ne!(host.about, service.about);
    }

    #[test]
    fn nagios_tells_by_variables_or_by_arguments() {
        let env = [
            ("NAGIOS_NOTIFICATIONTYPE", "RECOVERY"),
            ("NAGIOS_HOSTNAME", "rly_north_01"),
            ("NAGIOS_HOSTSTATE", "DOWN"),
            ("NAGIOS_SERVICEDESC", "ping_loss"),
            ("NAGIOS_SERVICESTATE", "OK"),
            ("NAGIOS_TIMET", "1795563034"),
            ("NAGIOS_LASTSERVICESTATECHANGE", "1795563030"),
        ];
        let by_env = told(Caller::Nagios, &env, &[]).unwrap();
        assert_eq!(
            (&by_env.body["state"], &by_env.body["ts"]),
            (&"OK".into(), &"1795563034".into())
        );
        let args = [
            "type=RECOVERY",
            "host=rly_north_01",
            "service=ping_loss",
            "state=OK",
            "output=a=b <c>",
        ];
        let by_args = told(Caller::Nagios, &[("HOSTNAME", "this-machine")], &args).unwrap();
        assert_eq!(by_args.body["output"], "a=b <c>");
        assert_eq!(by_args.about, by_env.about);
        assert!(told(Caller::Nagios, &[("HOSTNAME", "this-machine")], &[]).is_err());
        assert!(told(Caller::Nagios, &env, &["nonsense"]).is_err());
    }
}
