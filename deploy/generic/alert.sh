#!/bin/sh
# A script of your own tells Vigie. usage: alert.sh EQUIPMENT alerting|ok TEXT
# The same alert_uid with "ok" ends what "alerting" began. Needs curl and jq.
set -eu
: "${VIGIE_URL:=http://127.0.0.1:8787/hooks/scripts}"
: "${VIGIE_TOKEN_FILE:=/etc/vigie/scripts-token}"
jq -n --arg equipment "$1" --arg state "$2" --arg text "$3" \
  '{alert_uid: ($equipment + "/script"), equipment: $equipment, state: $state, title: $text}' |
  curl -fsS --retry 5 --retry-connrefused -H "Authorization: Bearer $(cat "$VIGIE_TOKEN_FILE")" \
    -H 'Content-Type: application/json' --data-binary @- "$VIGIE_URL"
