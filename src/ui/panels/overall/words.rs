//! What can be said of a run as a whole.

use crate::{
    detect::isolation_forest::Stability,
    engine::Dataset,
    explain::Importance,
    features::{Feature, FeaturePlan},
    numeric::order::ordered,
    ui::format,
};

/// Features that are named.
const NAMED: usize = 8;

/// The features that weigh most, by name and column, with their share of all, heaviest first. Nothing where they are not those of the
/// plan.
pub fn weights(dataset: &Dataset, plan: &FeaturePlan, importance: &Importance) -> Vec<(String, usize, f64)> {
    let means = importance.means();
    if means.len() != plan.features.len() {
        return Vec::new();
    }
    let total: f64 = means.iter().sum();
    let weights: Vec<(usize, f64)> = means.into_iter().enumerate().filter(|(_, mean)| *mean > 0.0).collect();
    let mut weights = ordered(weights, |(_, a), (_, b)| b.total_cmp(a));
    weights.truncate(NAMED);
    let named = |(feature, mean): (usize, f64)| {
        let Feature { column, encoding, .. } = &plan.features[feature];
        (dataset.layout.schema.named(*column, encoding.aspect().as_deref()), *column, mean / total)
    };
    weights.into_iter().map(named).collect()
}

/// Whether other seeds agree.
pub fn stability(stability: &Stability, sampled: bool) -> String {
    let (Some(least), Some(most)) = (stability.kept.iter().min(), stability.kept.iter().max()) else {
        return String::new();
    };
    let count = |rows: &usize| format::count(*rows as u64);
    let kept = if least == most { count(most) } else { format!("{} to {}", count(least), count(most)) };
    let of = if sampled { " of the sample" } else { "" };
    let top = format::counted(stability.top as u64, "highest-scoring flow", "highest-scoring flows");
    let verdict = match stability.share() {
        share if share >= 0.9 => "The result hardly depends on the seed.",
        share if share >= 0.7 => "Flows near the threshold depend on the seed; more trees make the result more stable.",
        _ => "The result depends on the seed: use more trees, or flag fewer flows.",
    };
    format!("With {} other seeds, {kept} of the {top}{of} stay among them. {verdict}", stability.kept.len())
}

#[cfg(test)]
mod tests {
    use futures_executor::block_on;

    use super::*;
    use crate::{engine, ui::words::tests::dataset_of};

    #[test]
    fn stability_is_told_in_a_sentence_with_its_verdict() {
        let said = |top: usize, kept: &[usize]| stability(&Stability { top, kept: kept.to_vec() }, false);
        assert_eq!(
            said(50, &[50, 48, 49]),
            "With 3 other seeds, 48 to 50 of the 50 highest-scoring flows stay among them. \
             The result hardly depends on the seed."
        );
        assert!(said(10, &[7, 7]).contains("7 of the 10") && said(10, &[7, 7]).contains("near the threshold"));
        assert!(said(10, &[6, 7]).contains("depends on the seed: "));
        assert!(stability(&Stability { top: 1, kept: vec![1] }, true).contains("1 highest-scoring flow of the sample"));
        assert_eq!(said(3, &[]), "");
    }

    #[test]
    fn the_column_that_is_odd_weighs_most() {
        let row = |row: u32| format!("{},{}\n", row % 7, if row == 50 { 10_000 } else { row % 5 });
        let text: String = std::iter::once("plain,odd\n".to_owned()).chain((0..100).map(row)).collect();
        let (host, dataset) = dataset_of(&text);
        let outcome = block_on(engine::run(&host, &dataset, engine::Options::default())).expect("runs");
        let importance = block_on(engine::ask_all(&host, engine::Weigh(1..2))).expect("weighs");
        let weights = weights(&dataset, &outcome.plan, &importance);
        assert_eq!((weights.len(), weights[0].0.as_str()), (2, "odd"));
        let other = FeaturePlan { features: outcome.plan.features[..1].to_vec(), ..(*outcome.plan).clone() };
        assert_eq!(super::weights(&dataset, &other, &importance), []);
        assert!((weights.iter().map(|weight| weight.2).sum::<f64>() - 1.0).abs() < 1e-9 && weights[0].2 > 0.6);
    }
}
