# Import of the network and of people: what is wrong, where, and how to mend it.

network-syntax = the file cannot be read here. { $value }
network-headings = no known column in the first line. { $value }
network-cells = this row has { $value } cells, which is not the number of columns.
network-open-quote = the quote opened in { $value } is not closed; a cell stays on one line.
network-unknown-field = the field { $value } is unknown.
network-missing = the field { $field } is missing.
network-repeated = the field { $field } is given twice.
network-wrong-type = the value { $value } does not suit the field { $field }.
network-unknown-word = the field { $field } does not know { $value }.
network-out-of-range = the number { $value } is out of the bounds of the field { $field }.
network-hours = the hours { $value } cannot be read.
network-short-name = { $value } is not a short name (letters, digits, dashes, dots).
network-too-long = the field { $field } is too long. { $value }
network-duplicate = { $value } is already taken (field { $field }).
network-unknown-reference = { $value } is not declared anywhere (field { $field }).
network-cycle = { $value } hangs on itself.
network-more = and { $value } more problems.

network-hint-perhaps = Did you mean { $value }?
network-hint-one-of = Expected: { $values }.
network-hint-first-at = The first one is here: { $place }.
network-hint-path = The whole way round: { $path }.
network-hint-limit = The limit is { $limit }.
