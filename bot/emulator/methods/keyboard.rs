//! Keyboards under messages.

use serde_json::{Map, Value, json};

use crate::error::{ApiError, ApiResult};
use crate::params::Params;

/// Reads and checks `reply_markup`.
pub(super) fn read(params: &Params) -> ApiResult<Option<Value>> {
    let markup = params
        .json("reply_markup")
        .map_err(|_| ApiError::bad("can't parse reply keyboard markup JSON object"))?;
    let Some(markup) = markup else {
        return Ok(None);
    };
    let object = markup
        .as_object()
        .ok_or_else(|| ApiError::bad("object expected as reply markup"))?;
    if let Some(rows) = object.get("inline_keyboard") {
        let rows = inline(rows)?;
        return Ok((!rows.is_empty()).then(|| json!({ "inline_keyboard": rows })));
    }
    if let Some(rows) = object.get("keyboard") {
        let mut kept = object.clone();
        kept.insert("keyboard".into(), reply(rows)?);
        return Ok(Some(Value::Object(kept)));
    }
    let known = ["remove_keyboard", "force_reply"];
    Ok(known
        .iter()
        .any(|k| object.contains_key(*k))
        .then_some(markup))
}

/// Reads `reply_markup` where only an inline keyboard makes sense.
pub(super) fn read_inline(params: &Params) -> ApiResult<Option<Value>> {
    let markup = read(params)?;
    match markup {
        Some(m) if m.get("inline_keyboard").is_none() => {
            Err(ApiError::bad("inline keyboard expected"))
        }
        other => Ok(other),
    }
}

fn rows_of(rows: &Value) -> ApiResult<impl Iterator<Item = ApiResult<&Vec<Value>>>> {
    let expected = || ApiError::bad("field \"inline_keyboard\" must be of type Array");
    let rows = rows.as_array().ok_or_else(expected)?;
    Ok(rows.iter().map(|row| {
        row.as_array().ok_or_else(|| {
            ApiError::bad("can't parse inline keyboard button: expected an Array of Arrays")
        })
    }))
}

fn inline(rows: &Value) -> ApiResult<Vec<Value>> {
    let mut kept = Vec::new();
    let mut total = 0;
    for row in rows_of(rows)? {
        let row = row?.iter().map(button).collect::<ApiResult<Vec<_>>>()?;
        total += row.len();
        if row.len() > 8 || total > 100 {
            return Err(ApiError::bad("reply markup is too long"));
        }
        if !row.is_empty() {
            kept.push(Value::Array(row));
        }
    }
    Ok(kept)
}

fn button(value: &Value) -> ApiResult<Value> {
    let refuse = |why: &str| ApiError::bad(format!("can't parse inline keyboard button: {why}"));
    let object = value
        .as_object()
        .ok_or_else(|| refuse("InlineKeyboardButton must be an Object"))?;
    let text = match object.get("text") {
        None => return Err(refuse("can't find field \"text\"")),
        Some(Value::String(text)) => text.as_str(),
        Some(Value::Number(_)) => "",
        Some(_) => return Err(refuse("field \"text\" must be of type String")),
    };
    let number = object
        .get("text")
        .filter(|t| t.is_number())
        .map(Value::to_string);
    let text = number.as_deref().unwrap_or(text).trim();
    if text.is_empty() {
        return Err(ApiError::bad(
            "text buttons are unallowed in the inline keyboard",
        ));
    }
    let mut kept = Map::new();
    kept.insert("text".into(), json!(text));
    for style in ["style", "icon_custom_emoji_id"] {
        if let Some(value) = object.get(style) {
            kept.insert(style.into(), value.clone());
        }
    }
    let action = action(object)?;
    let (name, value) =
        action.ok_or_else(|| ApiError::bad("text buttons are unallowed in the inline keyboard"))?;
    kept.insert(name.into(), value);
    Ok(Value::Object(kept))
}

fn action(object: &Map<String, Value>) -> ApiResult<Option<(&'static str, Value)>> {
    if let Some(url) = object
        .get("url")
        .and_then(Value::as_str)
        .filter(|u| !u.is_empty())
    {
        let url = url.trim();
        let known = ["http://", "https://", "tg://", "ton://", "tonsite://"];
        let bare = !url.contains("://") && url.contains('.') && !url.contains(char::is_whitespace);
        if !bare
            && !known
                .iter()
                .any(|s| url.to_ascii_lowercase().starts_with(s))
        {
            return Err(ApiError::bad(format!(
                "inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
            )));
        }
        let slash = url
            .split("://")
            .nth(1)
            .is_some_and(|r| !r.contains('/') && !url.starts_with("tg"));
        let url = if bare {
            format!("http://{url}")
        } else if slash {
            format!("{url}/")
        } else {
            url.to_owned()
        };
        return Ok(Some(("url", json!(url))));
    }
    if let Some(data) = object.get("callback_data").filter(|d| !d.is_null()) {
        let data = match data {
            Value::String(s) => s.clone(),
            other => other.to_string(),
        };
        if data.is_empty() {
            return Ok(None);
        }
        if data.len() > 64 {
            return Err(ApiError::bad("BUTTON_DATA_INVALID"));
        }
        return Ok(Some(("callback_data", json!(data))));
    }
    let others = [
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    ];
    Ok(others
        .iter()
        .find_map(|name| object.get(*name).map(|value| (*name, value.clone()))))
}

fn reply(rows: &Value) -> ApiResult<Value> {
    let mut kept = Vec::new();
    for row in rows_of(rows)? {
        let mut buttons = Vec::new();
        for button in row? {
            match button {
                Value::String(text) => buttons.push(json!({ "text": text })),
                Value::Object(map) if map.get("text").is_some_and(Value::is_string) => {
                    buttons.push(button.clone())
                }
                Value::Object(_) => {
                    return Err(ApiError::bad(
                        "can't parse keyboard button: can't find field \"text\"",
                    ));
                }
                _ => {
                    return Err(ApiError::bad(
                        "can't parse keyboard button: KeyboardButton must be an Object",
                    ));
                }
            }
        }
        kept.push(Value::Array(buttons));
    }
    Ok(Value::Array(kept))
}
