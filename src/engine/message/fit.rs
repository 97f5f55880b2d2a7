//! About fitting.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    detect::{Model, autoencoder::Network, groups, isolation_forest::Params, nearest},
    features::{FeaturePlan, Points, Space, Treatment},
    model::Population,
    report::GroupFacts,
    table::Profile,
    train::TrainingJob,
};

/// What is asked about plans and detectors.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum FitRequest {
    /// Fit plan and isolation forest on the sample. (First shard only, as the next two.)
    Forest {
        /// How to treat columns.
        treatment: Treatment,
        /// The detector's parameters.
        params: Params,
        /// The whole file's profile.
        profile: Arc<Profile>,
    },
    /// Fit the plan and keep rows of the sample that others are compared with.
    Nearest {
        /// How to treat columns.
        treatment: Treatment,
        /// The detector's parameters.
        params: nearest::Params,
        /// The whole file's profile.
        profile: Arc<Profile>,
        /// The rows are known to be normal, and others are to be scored.
        normal: bool,
    },
    /// Fit the plan and give the sample's features.
    Prepare {
        /// How to treat columns.
        treatment: Treatment,
        /// The whole file's profile.
        profile: Arc<Profile>,
    },
    /// Train an autoencoder. (Of a worker beside the shards.)
    Train(Box<TrainingJob>),
    /// Find out how far rows of the sample err by chance. (First shard only.)
    Calibrate {
        /// The plan that the network was trained with.
        plan: Arc<FeaturePlan>,
        /// The network.
        network: Box<Network>,
        /// Rows in all.
        rows: u64,
    },
    /// Tell by the sample where rows lie, so that alike ones are near each other. (First shard only, as the next one.)
    Space {
        /// The features.
        plan: Arc<FeaturePlan>,
    },
    /// Give the sample's rows as flows known to be normal, and the space that they lie in. (First shard only.)
    Reference {
        /// The features.
        plan: Arc<FeaturePlan>,
    },
    /// Cut the file's time into parts, by the sample. (First shard only.)
    Clock {
        /// The column of points in time.
        column: usize,
    },
    /// Tell by the sample which columns set bursts apart. (First shard only.)
    Apart {
        /// The features.
        plan: Arc<FeaturePlan>,
        /// What is true of each burst's rows.
        bursts: Vec<GroupFacts>,
        /// Of the whole file.
        rows: u64,
    },
    /// Compare a share of the pairs of rows.
    Compare {
        /// What groups are looked for.
        params: groups::Params,
        /// All shards' rows.
        points: Arc<Points>,
        /// Which pairs.
        share: groups::Share,
    },
    /// Join the rows by a share of their pairs.
    Join {
        /// All shards' rows.
        points: Arc<Points>,
        /// How far each is from its neighbours.
        cores: groups::Cores,
        /// Which pairs.
        share: groups::Share,
    },
    /// Choose the groups that stand out. (First shard only.)
    Group {
        /// What groups.
        params: groups::Params,
        /// Where rows lie.
        space: Arc<Space>,
        /// All shards' rows.
        points: Arc<Points>,
        /// How far each is from its neighbours.
        cores: groups::Cores,
        /// What joins them.
        edges: Vec<groups::Edge>,
        /// Flows known to be normal, if there are some, and how the rows were drawn.
        reference: Option<(Arc<groups::Reference>, groups::Sampled)>,
    },
    /// Say what a detector makes of rows of the sample. (First shard only.)
    Learn {
        /// Its features.
        plan: Arc<FeaturePlan>,
        /// The detector.
        model: Model,
        /// The whole file's profile.
        profile: Arc<Profile>,
    },
    /// Say what rows of the sample are like. (First shard only.)
    Populate {
        /// The detector's features.
        plan: Arc<FeaturePlan>,
        /// The detector.
        model: Model,
        /// The whole file's profile.
        profile: Arc<Profile>,
        /// What others were like that they are compared with, if there are some.
        known: Option<Arc<Population>>,
    },
    /// Open a saved detector. (First shard only.)
    OpenModel {
        /// The file.
        #[serde(with = "crate::table::packed")]
        bytes: Vec<u8>,
    },
    /// Fit again with other seeds and compare the sample's highest-scoring rows. (First shard only.)
    Refit {
        /// The detector's parameters.
        params: Params,
        /// Rows of the sample to compare.
        top: usize,
        /// Other seeds.
        others: usize,
    },
}
