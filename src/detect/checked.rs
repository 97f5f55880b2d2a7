//! Parameters that have been checked.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Parameters that know what they may be.
pub trait Check: Sized {
    /// What can be wrong with them.
    type Error: std::fmt::Display;

    /// Whether a detector can take them.
    ///
    /// # Errors
    /// The first thing that is wrong.
    fn verify(&self) -> Result<(), Self::Error>;
}

/// Parameters that a detector can take. Outside of this folder there is no way to them but by [`Check::verify`], also from
/// another worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked<P>(pub(super) P);

impl<P: Check> Checked<P> {
    /// Checks parameters.
    ///
    /// # Errors
    /// As [`Check::verify`].
    pub fn new(params: P) -> Result<Self, P::Error> {
        params.verify().map(|()| Self(params))
    }

    /// The parameters that were checked.
    #[must_use]
    pub fn params(&self) -> &P {
        &self.0
    }
}

impl<P: Serialize> Serialize for Checked<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, P: Check + Deserialize<'de>> Deserialize<'de> for Checked<P> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(P::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Params {
        trees: u32,
    }

    impl Check for Params {
        type Error = &'static str;

        fn verify(&self) -> Result<(), &'static str> {
            if self.trees > 0 { Ok(()) } else { Err("no trees") }
        }
    }

    #[test]
    fn what_comes_from_another_worker_is_checked_too() {
        let sent = |trees| serde_json::to_string(&Params { trees }).unwrap();
        assert_eq!(serde_json::from_str::<Checked<Params>>(&sent(3)).unwrap(), Checked(Params { trees: 3 }));
        assert!(serde_json::from_str::<Checked<Params>>(&sent(0)).is_err());
        assert_eq!(serde_json::to_string(&Checked(Params { trees: 3 })).unwrap(), sent(3));
    }
}
