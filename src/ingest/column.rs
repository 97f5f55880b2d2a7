//! The columns of the block that is being filled.

mod category;
mod number;
#[cfg(test)]
mod tests;
mod time;

pub(super) use category::OpenCategory;
pub(super) use number::OpenNumber;
pub(super) use time::OpenTime;

/// Keeps those of the cells from `start` on whose bit is set.
fn keep<T: Copy>(values: &mut Vec<T>, start: usize, kept: u32) {
    let mut end = start;
    for place in start..values.len() {
        if kept >> (place - start) & 1 == 1 {
            values[end] = values[place];
            end += 1;
        }
    }
    values.truncate(end);
}
