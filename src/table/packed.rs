//! `#[serde(with = "table::packed")]`: a vector of plain numbers as one piece of little-endian bytes, so that millions
//! of them travel between workers at the speed of a copy.

use std::{fmt, marker::PhantomData};

use bytemuck::Pod;
use serde::{Deserializer, Serializer, de};

/// Writes the numbers as bytes.
///
/// # Errors
/// The serializer's own.
pub fn serialize<T: Pod, S: Serializer>(values: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytemuck::cast_slice(values))
}

/// Reads what [`serialize`] wrote.
///
/// # Errors
/// If the bytes are no whole number of values.
pub fn deserialize<'de, T: Pod, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    struct Values<T>(PhantomData<T>);

    impl<T: Pod> de::Visitor<'_> for Values<T> {
        type Value = Vec<T>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(formatter, "values of {} bytes", size_of::<T>())
        }

        fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<T>, E> {
            if bytes.len().is_multiple_of(size_of::<T>()) {
                Ok(bytemuck::pod_collect_to_vec(bytes))
            } else {
                Err(E::invalid_length(bytes.len(), &self))
            }
        }
    }

    deserializer.deserialize_bytes(Values(PhantomData))
}
