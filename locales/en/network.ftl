# Import of the network and of people: what is wrong, where, and how to mend it.

network-syntax = { $place }: the file cannot be read here. { $value }
network-headings = { $place }: no known column in the first line. { $value }
network-cells = { $place }: this row has { $value } cells, which is not the number of columns.
network-open-quote = { $place }: the quote opened in { $value } is not closed; a cell stays on one line.
network-unknown-field = { $place }: the field { $value } is unknown.
network-missing = { $place }: the field { $field } is missing.
network-repeated = { $place }: the field { $field } is given twice.
network-wrong-type = { $place }: the value { $value } does not suit the field { $field }.
network-unknown-word = { $place }: the field { $field } does not know { $value }.
network-out-of-range = { $place }: the number { $value } is out of the bounds of the field { $field }.
network-hours = { $place }: the hours { $value } cannot be read.
network-short-name = { $place }: { $value } is not a short name (letters, digits, dashes, dots).
network-too-long = { $place }: the field { $field } is too long. { $value }
network-duplicate = { $place }: { $value } is already taken (field { $field }).
network-unknown-reference = { $place }: { $value } is not declared anywhere (field { $field }).
network-cycle = { $place }: { $value } hangs on itself.
network-more = { $place }: and { $value } more problems.

network-hint-perhaps = Did you mean { $value }?
network-hint-one-of = Expected: { $values }.
network-hint-first-at = The first one is here: { $place }.
network-hint-path = The whole way round: { $path }.
network-hint-limit = The limit is { $limit }.
