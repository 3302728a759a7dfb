//! Exact parts of a whole, and bars that they reach or miss. Nothing here is ever rounded before
//! it is compared.

use std::fmt;
use std::str::FromStr;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One as _, ToPrimitive as _, Zero as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A part of a whole, as an exact fraction; written `436/871`, in lowest terms.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part(BigRational);

impl Part {
    /// So many of so many; `None` of nothing.
    #[must_use]
    pub fn of(count: u64, whole: u64) -> Option<Self> {
        (whole != 0).then(|| Self(BigRational::new(count.into(), whole.into())))
    }

    /// Nothing of it.
    #[must_use]
    pub fn zero() -> Self {
        Self(BigRational::zero())
    }

    /// All of it.
    #[must_use]
    pub fn whole() -> Self {
        Self(BigRational::one())
    }

    /// One half.
    #[must_use]
    pub fn half() -> Self {
        Self(BigRational::new(1.into(), 2.into()))
    }

    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self(&self.0 + &other.0)
    }

    /// What is left of it without the other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        Self(&self.0 - &other.0)
    }

    /// So many times a hundredth of it: what a college of this weight adds.
    #[must_use]
    pub fn weighted(&self, weight: u64) -> Self {
        Self(&self.0 * BigRational::new(weight.into(), 100.into()))
    }

    /// Its part of another; `None` of nothing.
    #[must_use]
    pub fn out_of(&self, other: &Self) -> Option<Self> {
        (!other.0.is_zero()).then(|| Self(&self.0 / &other.0))
    }

    /// The least number of things of which it takes no more than this: 10 % of 871 are 88.
    #[must_use]
    pub fn at_least(&self, whole: u64) -> u64 {
        whole_number(&(&self.0 * BigRational::from_integer(whole.into())).ceil())
    }

    /// The greatest whole number in so much of these: 1/20 of 871 are 43.
    #[must_use]
    pub fn at_most(&self, whole: u64) -> u64 {
        whole_number(&(&self.0 * BigRational::from_integer(whole.into())).floor())
    }

    /// In hundredths of a percent, cut and not rounded: what is below a bar never looks as if it
    /// had reached it.
    #[must_use]
    pub fn hundredths(&self) -> u64 {
        self.at_most(10_000)
    }
}

/// A whole number that is not negative, as far as it goes.
fn whole_number(value: &BigRational) -> u64 {
    value.to_integer().to_u64().unwrap_or(u64::MAX)
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.0.numer(), self.0.denom())
    }
}

/// Text that is no part of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a part is written as two whole numbers, such as 2/3")]
pub struct NoPart;

impl FromStr for Part {
    type Err = NoPart;

    fn from_str(text: &str) -> Result<Self, NoPart> {
        let digits = |text: &str| {
            let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            // Longer than any part of a real whole: nobody makes us reckon with books.
            let plain = plain && text.len() <= 200;
            plain.then(|| text.parse::<BigInt>().ok()).flatten()
        };
        let (count, whole) = text.split_once('/').ok_or(NoPart)?;
        let (count, whole) = (digits(count).ok_or(NoPart)?, digits(whole).ok_or(NoPart)?);
        if whole.is_zero() {
            return Err(NoPart);
        }
        Ok(Self(BigRational::new(count, whole)))
    }
}

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Whether what is equal to the bar reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reach {
    /// It does.
    #[serde(rename = ">=")]
    AtLeast,
    /// Only what is more does.
    #[serde(rename = ">")]
    MoreThan,
}

/// What has to be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    /// Whether equality is enough.
    pub reach: Reach,
    /// How much of the whole.
    pub part: Part,
}

impl Bar {
    /// At least so many of so many.
    #[must_use]
    pub fn at_least(count: u64, whole: u64) -> Option<Self> {
        let part = Part::of(count, whole)?;
        let reach = Reach::AtLeast;
        Some(Self { reach, part })
    }

    /// More than so many of so many.
    #[must_use]
    pub fn more_than(count: u64, whole: u64) -> Option<Self> {
        let part = Part::of(count, whole)?;
        let reach = Reach::MoreThan;
        Some(Self { reach, part })
    }

    /// More than one half.
    #[must_use]
    pub fn simple() -> Self {
        let (reach, part) = (Reach::MoreThan, Part::half());
        Self { reach, part }
    }

    /// Whether this much reaches it.
    #[must_use]
    pub fn reached_by(&self, part: &Part) -> bool {
        match self.reach {
            Reach::AtLeast => *part >= self.part,
            Reach::MoreThan => *part > self.part,
        }
    }

    /// The least number that reaches it out of so many.
    #[must_use]
    pub fn needed(&self, whole: u64) -> u64 {
        match self.reach {
            Reach::AtLeast => self.part.at_least(whole),
            Reach::MoreThan => self.part.at_most(whole).saturating_add(1),
        }
    }
}
