//! The name that was perhaps meant.

/// The nearest of these names, if one is near enough to be a slip of the pen.
pub(super) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let length = name.chars().count();
    let allowed = if length <= 4 { 1 } else { 2 + length / 12 };
    known
        .into_iter()
        // The lengths bound the distance and cost nothing.
        .filter(|other| other.len().abs_diff(name.len()) <= allowed + 2)
        .map(|other| (strsim::osa_distance(name, other), other))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, other)| other.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_another_word_finds_nothing() {
        let known = ["main-relay", "secondary-relay", "access", "link"];
        assert_eq!(nearest("main-realy", known), Some("main-relay".to_owned()));
        assert_eq!(nearest("acess", known), Some("access".to_owned()));
        assert_eq!(nearest("pylon", known), None);
        assert_eq!(nearest("", known), None);
    }
}
