//! What can be asked about ranked rows, a file per question: the question, its answer and how answers join, and what a
//! shard does for it.

mod above;
mod compare;
mod count;
mod evaluate;
mod group_flows;
mod highest;
mod list;
mod look_up;
mod neighbour;
mod places;
mod rows;
mod similar;
mod singles;
mod spread;
mod standing;
mod traffic;
mod view;
mod weigh;

pub use above::CountAbove;
pub use compare::{CompareQuery, Comparison};
pub use count::{CountQuery, Counts};
pub use evaluate::EvaluateQuery;
pub use group_flows::{FlowsOfGroups, GroupFlows, GroupsOf};
pub use highest::{Highest, HighestQuery};
pub use list::{ListQuery, Listed, ListedRow, Sort, SortBy, SortKey};
pub use look_up::LookUp;
pub use neighbour::{Neighbour, NeighbourQuery};
pub use places::{Placed, Places, PlacesQuery};
pub use rows::RowsQuery;
pub use similar::{Alike, Similar, SimilarQuery};
pub use singles::{Single, Singles, SinglesQuery};
pub use spread::SpreadQuery;
pub use standing::StandingQuery;
pub use traffic::TrafficQuery;
pub use weigh::Weigh;

use serde::{Deserialize, Serialize};

use super::{
    EngineError, Outlet, Shard,
    query::{Query, Sent},
};
use crate::{ingest::Source, report::ViewQuery};

/// Makes the enums in which questions and answers travel.
macro_rules! queries {
    ($($query:ident),* $(,)?) => {
        /// Any question.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "each is the question of that name")]
        pub enum AnyQuery {
            $($query($query)),*
        }

        /// Any answer.
        #[derive(Debug, Clone, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "each answers the question of that name")]
        pub enum AnyAnswer {
            $($query(<$query as Query>::Answer)),*
        }

        impl AnyQuery {
            /// What one shard says of its rows.
            pub(super) async fn answer<S: Source + 'static>(
                self,
                shard: &mut Shard<S>,
                outlet: &impl Outlet,
            ) -> Result<AnyAnswer, EngineError> {
                match self {
                    // In boxes, so that each stays a function of its own, small enough to be compiled soon.
                    $(Self::$query(query) => Box::pin(query.answer(shard, outlet)).await.map(AnyAnswer::$query)),*
                }
            }
        }

        $(
            impl From<$query> for AnyQuery {
                fn from(query: $query) -> Self {
                    Self::$query(query)
                }
            }

            impl Sent for $query {
                fn answer_of(answer: AnyAnswer) -> Option<Self::Answer> {
                    match answer {
                        AnyAnswer::$query(answer) => Some(answer),
                        _ => None,
                    }
                }
            }
        )*
    };
}

queries!(
    CompareQuery,
    CountAbove,
    CountQuery,
    EvaluateQuery,
    GroupFlows,
    GroupsOf,
    HighestQuery,
    ListQuery,
    LookUp,
    NeighbourQuery,
    PlacesQuery,
    RowsQuery,
    SimilarQuery,
    SinglesQuery,
    SpreadQuery,
    StandingQuery,
    TrafficQuery,
    ViewQuery,
    Weigh
);
