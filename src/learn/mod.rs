//! An analyst's marks → an order.
//!
//! Every row has a *base*, which only depends on its rank: without marks the order is that of the scores. Marks say what the value of
//! some rows should have been, and a Gaussian process carries that to the rows that are alike (Rasmussen & Williams, *Gaussian
//! Processes for Machine Learning*, 2006: equations 2.25 and 2.38, the base being the mean that is known before). Two rows are alike by
//! how near they are in a [`Space`](crate::features::Space), and by being in one group. Some rows drawn from the file say, as far as
//! they have a say, that nothing changes where they are: what is marked then changes little in the crowd.
//!
//! Nothing is hidden: every row keeps a place. What there is to say of it is said in [`Standing`].
//!
//! | module | holds |
//! |---|---|
//! | `alike` | a distance → how alike two rows are |
//! | `taught` | marks → the rows that teach, and what |
//! | `fit` | these → what each of them weighs |
//! | `solve` | the equations for that |
//! | `order` | rows → values |
//! | `standing` | a row → its value, and which mark moved it |
//! | `findings` | findings → their order, and which one to ask about |

mod alike;
mod findings;
mod fit;
mod order;
mod solve;
mod standing;
mod taught;

#[cfg(test)]
mod tests;

pub use findings::{Standings, Stands, ask, order};
pub use fit::{Learned, SAMPLE};
pub use order::{ALIKE_ENOUGH, Order};
pub use standing::{Because, Standing};
pub use taught::{FLOWS_OF_GROUP, Lesson, Subject, Taught, lessons};
