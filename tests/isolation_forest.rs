//! What a forest promises, whatever the data: bounds, exact repetition, independence of blocks and layouts. One file, as
//! all of it is about one type and shares how its rows are made.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use flowsift::detect::isolation_forest::{FitError, ForestError, IsolationForest, Params, Split, Tree, TreeParts};
use ndarray::{Array2, ArrayView2, Axis, ShapeBuilder, array};
use proptest::prelude::*;

fn fit(rows: ArrayView2<'_, f32>, params: Params) -> Result<IsolationForest, FitError> {
    params.check().unwrap().fit(rows, &mut |_| ControlFlow::Continue(()))
}

/// Rows from a fixed integer formula, so that they are the same bits everywhere.
fn rows(rows: usize, features: usize) -> Array2<f32> {
    let value = |row: usize, feature: usize| {
        let mixed = (row as u32 * 31 + feature as u32 + 1).wrapping_mul(2_654_435_761);
        (mixed >> 8) as f32 / 65_536.0
    };
    Array2::from_shape_fn((rows, features), |(row, feature)| value(row, feature))
}

fn bits(scores: &[f64]) -> Vec<u64> {
    scores.iter().map(|score| score.to_bits()).collect()
}

#[test]
fn golden_scores() {
    let rows = rows(300, 3);
    let params = Params { trees: 10, sample_size: 64, seed: 7, ..Params::default() };
    let scores = fit(rows.view(), params).unwrap().score(rows.view().split_at(Axis(0), 6).0);
    // A wasm build must give the same bits.
    assert_eq!(bits(&scores), GOLDEN, "{scores:?}");
}

const GOLDEN: [u64; 6] = [
    4_603_050_437_751_823_362,
    4_603_142_416_850_830_214,
    4_602_811_342_522_540_799,
    4_602_725_276_655_245_472,
    4_603_252_577_613_269_848,
    4_603_204_700_424_074_195,
];

#[test]
fn scores_are_in_their_range_and_the_outlier_has_the_highest() {
    let mut rows = rows(1000, 5);
    rows.row_mut(123).fill(1e6);
    let scores = fit(rows.view(), Params::default()).unwrap().score(rows.view());
    assert!(scores.iter().all(|score| *score > 0.0 && *score <= 1.0));
    let highest = (0..1000).max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    assert_eq!(highest, Some(123));
}

#[test]
fn trees_stop_at_the_depth_limit() {
    // Powers of two: nearly every split takes one row off, so that only the limit stops it.
    let rows = Array2::from_shape_fn((250, 1), |(row, _)| libm::exp2f(row as f32 - 125.0));
    for (sample_size, limit) in [(2, 1), (3, 2), (64, 6), (65, 7), (256, 8)] {
        let params = Params { sample_size, ..Params::default() };
        let forest = fit(rows.view(), params).unwrap();
        assert_eq!(forest.sample_size(), sample_size.min(250));
        assert_eq!(forest.trees().iter().map(Tree::height).max(), Some(limit), "{sample_size}");
    }
}

#[test]
fn every_tree_is_grown_on_its_sample_and_splits_it_truly() {
    let rows = rows(500, 4);
    for tree in fit(rows.view(), Params::default()).unwrap().trees() {
        assert_eq!(tree.samples(0), 256);
        for node in 0..tree.node_count() {
            assert!(tree.samples(node) > 0);
            assert_eq!(tree.split(node).is_some(), tree.child(node, 0.0) != node);
        }
        // Checks the row counts and the order of the nodes.
        assert_eq!(&Tree::try_from(TreeParts::from(tree.clone())).unwrap(), tree);
    }
}

#[test]
fn a_tree_does_not_depend_on_the_others() {
    let rows = rows(500, 4);
    let few = Params { trees: 3, ..Params::default() };
    let many = fit(rows.view(), Params::default()).unwrap();
    assert_eq!(fit(rows.view(), few).unwrap().trees(), &many.trees()[..3]);
    assert_ne!(many.trees()[0], many.trees()[1]);
}

#[test]
fn constants_are_never_split_on() {
    let mut rows = rows(100, 3);
    rows.column_mut(1).fill(5.0);
    // As in scikit-learn, a spread within 1e-7 is constant.
    rows.column_mut(2).iter_mut().enumerate().for_each(|(row, value)| *value = row as f32 * 1e-9);
    for tree in fit(rows.view(), Params::default()).unwrap().trees() {
        let mut splits = (0..tree.node_count()).filter_map(|node| tree.split(node));
        assert!(splits.all(|(split, _)| split == Split::Feature(0)));
    }
}

#[test]
fn trees_see_as_many_features_as_asked() {
    let rows = rows(300, 6);
    for (max_features, expected) in [(None, 6), (Some(2), 2), (Some(9), 6)] {
        let forest = fit(rows.view(), Params { max_features, ..Params::default() }).unwrap();
        let mut union = BTreeSet::new();
        for tree in forest.trees() {
            let splits = (0..tree.node_count()).filter_map(|node| tree.split(node));
            let features: BTreeSet<String> = splits.map(|(split, _)| format!("{split:?}")).collect();
            assert_eq!(features.len(), expected, "{max_features:?}");
            union.extend(features);
        }
        assert_eq!(union.len(), 6);
    }
}

#[test]
fn trees_are_as_deep_as_asked() {
    let rows = rows(300, 6);
    for max_depth in [1, 3, 20] {
        let forest = fit(rows.view(), Params { max_depth: Some(max_depth), ..Params::default() }).unwrap();
        let deepest = forest.trees().iter().map(Tree::height).max().unwrap();
        assert!(deepest == max_depth || (max_depth == 20 && deepest > 8), "{deepest}");
    }
}

#[test]
fn planes_combine_as_many_features_as_asked() {
    let mut rows = rows(300, 4);
    rows.column_mut(2).fill(1.0); // never varies, so is never combined
    for (extension, expected) in [(1, 2), (2, 3), (3, 3), (usize::MAX, 3)] {
        let forest = fit(rows.view(), Params { extension, ..Params::default() }).unwrap();
        let tree = &forest.trees()[0];
        assert!(tree.has_planes());
        let Some((Split::Plane(terms), _)) = tree.split(0) else { panic!("{:?}", tree.split(0)) };
        let features: BTreeSet<u32> = terms.iter().map(|term| term.feature).collect();
        assert!(features.len() == expected && !features.contains(&2), "{extension}: {terms:?}");
        assert!(forest.score(rows.view()).iter().all(|score| *score > 0.0 && *score < 1.0));
        assert_eq!(&Tree::try_from(TreeParts::from(tree.clone())).unwrap(), tree);
    }
}

#[test]
fn a_plane_weighs_features_by_their_spread_around_their_middle() {
    let rows = rows(200, 3);
    let params = Params { trees: 5, extension: 2, ..Params::default() };
    let forest = fit(rows.view(), params).unwrap();
    for tree in forest.trees() {
        let Some((Split::Plane(terms), _)) = tree.split(0) else { panic!("{:?}", tree.split(0)) };
        for term in terms {
            let column = rows.column(term.feature as usize);
            let (min, max) = column.iter().fold((f32::MAX, f32::MIN), |(min, max), &x| (x.min(min), x.max(max)));
            assert!((term.origin - 0.5 * (min + max)).abs() < 1e-3, "{term:?}");
        }
    }
    // A power of two, so that scaled values and weights are exact.
    let mut scaled = rows.clone();
    scaled.column_mut(1).mapv_inplace(|value| value * 1024.0);
    let other = fit(scaled.view(), params).unwrap();
    assert_eq!(bits(&forest.score(rows.view())), bits(&other.score(scaled.view())));
}

#[test]
fn planes_see_what_lies_between_the_axes() {
    // Two clouds on the axes. Where their shadows cross, (8, 8), splits on one feature see little that is odd, though
    // it is as far from both clouds as (−8, −8) (Hariri et al. 2019, figure 2).
    let noise = rows(400, 2).mapv(|value| value / 256.0);
    let train = Array2::from_shape_fn((400, 2), |(row, feature)| {
        noise[[row, feature]] + if row % 2 == feature { 8.0 } else { 0.0 }
    });
    let probes = array![[8.5_f32, 8.5], [8.5, 0.5]];
    let contrast = |extension| {
        let scores = fit(train.view(), Params { extension, ..Params::default() }).unwrap().score(probes.view());
        scores[0] - scores[1]
    };
    assert!(contrast(1) > 2.0 * contrast(0), "{} {}", contrast(1), contrast(0));
}

#[test]
fn missing_values_are_fitted_and_scored() {
    let mut rows = rows(300, 3);
    rows.column_mut(0).iter_mut().step_by(3).for_each(|value| *value = f32::NAN);
    rows.column_mut(2).fill(f32::NAN);
    for extension in [0, 2] {
        let forest = fit(rows.view(), Params { extension, ..Params::default() }).unwrap();
        assert!(forest.trees().iter().all(|tree| tree.height() > 2));
        assert!(forest.score(rows.view()).iter().all(|score| *score > 0.0 && *score < 1.0));
        let parts = forest.trees().iter().map(|tree| TreeParts::from(tree.clone()));
        let sides: Vec<bool> = parts.flat_map(|parts| parts.missing_left).collect();
        assert!(sides.contains(&true) && sides.contains(&false));
    }
}

#[test]
fn data_without_differences_scores_alike() {
    // Duplicates only: the root is a leaf of depth c(n), and the score 2^-1.
    let same = Array2::from_elem((40, 2), 3.5);
    assert_eq!(fit(same.view(), Params::default()).unwrap().score(same.view()), vec![0.5; 40]);
    // A single row: nothing is known, scikit-learn's answer too.
    let single = array![[1.0, 2.0]];
    assert_eq!(fit(single.view(), Params::default()).unwrap().score(single.view()), [0.5]);
}

#[test]
fn extreme_values_are_split() {
    let rows = array![[f32::MAX, 1.0], [f32::MIN, 1.0_f32.next_up()], [0.0, 1.0], [f32::MIN_POSITIVE, 1.0]];
    let forest = fit(rows.view(), Params::default()).unwrap();
    assert!(forest.trees().iter().all(|tree| tree.height() == 2));
    // What cannot come from a plan still gets a score.
    let strange = array![[f32::NAN, f32::INFINITY], [f32::NEG_INFINITY, f32::NAN]];
    assert!(forest.score(strange.view()).iter().all(|score| *score > 0.0 && *score <= 1.0));
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let fit = |rows: &Array2<f32>| fit(rows.view(), Params::default()).unwrap_err();
    assert_eq!(fit(&Array2::zeros((0, 3))), FitError::NoRows);
    assert_eq!(fit(&Array2::zeros((3, 0))), FitError::NoFeatures);
    for value in [f32::INFINITY, f32::NEG_INFINITY] {
        let mut rows = rows(10, 3);
        rows[[2, 2]] = value;
        rows[[7, 1]] = value;
        assert_eq!(fit(&rows), FitError::Infinite { row: 7, column: 1 });
    }
}

#[test]
fn progress_is_told_and_can_cancel() {
    let rows = rows(50, 2);
    let params = Params { trees: 4, ..Params::default() };
    let mut told = Vec::new();
    let answer = params.check().unwrap().fit(rows.view(), &mut |done| {
        told.push(done);
        if done < 0.75 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    assert_eq!(answer, Err(FitError::Cancelled));
    assert_eq!(told, [0.25, 0.5, 0.75]);
}

#[test]
fn trees_that_do_not_fit_are_refused() {
    let trees = fit(rows(50, 3).view(), Params::default()).unwrap().trees().to_vec();
    let refused = |trees: &[Tree], sample_size, features| {
        IsolationForest::from_trees(trees.to_vec(), sample_size, features).unwrap_err()
    };
    assert_eq!(refused(&[], 50, 3), ForestError::NoTrees);
    assert_eq!(refused(&trees, 50, 0), ForestError::NoFeatures);
    let sample = ForestError::SampleSize { tree: 0, expected: 51, found: 50 };
    assert_eq!(refused(&trees, 51, 3), sample);
    assert!(matches!(refused(&trees, 50, 2), ForestError::Feature { feature: 2, features: 2, .. }));
    assert!(IsolationForest::from_trees(trees, 50, 3).is_ok());
}

/// Scores row by row, where every row walks: what scoring by blocks must equal, bit for bit.
fn walked(forest: &IsolationForest, rows: &Array2<f32>) -> Vec<u64> {
    rows.axis_iter(Axis(0)).flat_map(|row| bits(&forest.score(row.insert_axis(Axis(0))))).collect()
}

#[test]
fn blocks_score_as_walks_where_values_are_thresholds() {
    let train = rows(400, 3);
    for sample_size in [2, 16, 256, 400] {
        let forest = fit(train.view(), Params { sample_size, ..Params::default() }).unwrap();
        let splits =
            || forest.trees().iter().flat_map(|tree| (0..tree.node_count()).filter_map(|node| tree.split(node)));
        let near = |threshold: f32| [threshold.next_down(), threshold, threshold.next_up()];
        let mut rows = Array2::zeros((0, 3));
        for (split, threshold) in splits().step_by(7) {
            let Split::Feature(feature) = split else { panic!("{split:?}") };
            for value in near(threshold) {
                let mut row = train.row(rows.nrows() % 400).to_owned();
                row[feature] = value;
                rows.push_row(row.view()).unwrap();
            }
        }
        assert_eq!(bits(&forest.score(rows.view())), walked(&forest, &rows), "{sample_size}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_row_scores_alike_in_any_block_order_and_layout(
        count in 1..300_usize, features in 1..6_usize, cut in 0..300_usize, seed: u64,
    ) {
        let rows = rows(count, features);
        let params = Params { trees: 5, sample_size: 32, seed, ..Params::default() };
        let forest = fit(rows.view(), params).unwrap();
        let whole = bits(&forest.score(rows.view()));

        let (head, tail) = rows.view().split_at(Axis(0), cut.min(count));
        let mut parts = vec![0.0; count];
        let (first, second) = parts.split_at_mut(cut.min(count));
        forest.score_into(head, first);
        forest.score_into(tail, second);
        prop_assert_eq!(bits(&parts), whole.clone());

        let mut by_column = Array2::zeros((count, features).f());
        by_column.assign(&rows);
        prop_assert_eq!(bits(&forest.score(by_column.view())), whole.clone());
        // The same forest too.
        prop_assert_eq!(&fit(by_column.view(), params).unwrap(), &forest);

        let mut upside_down = rows.view();
        upside_down.invert_axis(Axis(0));
        let mut reversed = bits(&forest.score(upside_down));
        reversed.reverse();
        prop_assert_eq!(reversed, whole);
    }

    #[test]
    fn blocks_score_as_walks(
        features in 1..5_usize, sample_size in 2..600_usize, levels in 1..40_u32, seed: u64,
        strange in prop::collection::vec((0..700_usize, 0..4_usize), 0..3),
    ) {
        // Few levels make ties, many rows more leaves than a byte can number.
        let train = rows(700, features).mapv(|value| if levels < 30 { (value as u32 % levels) as f32 } else { value });
        let forest = fit(train.view(), Params { trees: 7, sample_size, seed, ..Params::default() }).unwrap();
        let mut rows = train;
        for (place, (row, value)) in strange.into_iter().enumerate() {
            rows[[row, place % features]] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -0.0][value];
        }
        prop_assert_eq!(bits(&forest.score(rows.view())), walked(&forest, &rows));
    }

    #[test]
    fn scaling_a_feature_changes_no_score(
        features in 1..5_usize, scaled in 0..5_usize, seed: u64,
        factor in prop::sample::select(vec![0.25_f32, 0.5, 2.0, 3.0, 8.0, 1000.0]), shift in -500..500_i32,
        max_features in prop::option::of(1..4_usize),
    ) {
        // Whole numbers, so that scaled ones are exact; a threshold between two stays between them.
        let rows = rows(200, features).mapv(f32::floor);
        let mut other = rows.clone();
        let scaled = scaled % features;
        other.column_mut(scaled).mapv_inplace(|value| value * factor + shift as f32);
        let params = Params { trees: 10, max_features, seed, ..Params::default() };
        let scores = |rows: &Array2<f32>| bits(&fit(rows.view(), params).unwrap().score(rows.view()));
        prop_assert_eq!(scores(&rows), scores(&other));
    }

    #[test]
    fn the_order_of_rows_changes_no_score(
        order in (2..200_usize).prop_flat_map(|count| Just((0..count).collect::<Vec<usize>>()).prop_shuffle()),
        seed: u64, extension in 0..2_usize,
    ) {
        // Where all rows are in each sample.
        let rows = rows(order.len(), 3);
        let moved = rows.select(Axis(0), &order);
        let params = Params { trees: 5, seed, extension, ..Params::default() };
        let scores = fit(rows.view(), params).unwrap().score(rows.view());
        let expected: Vec<f64> = order.iter().map(|&row| scores[row]).collect();
        prop_assert_eq!(bits(&fit(moved.view(), params).unwrap().score(moved.view())), bits(&expected));
    }

    #[test]
    fn the_further_out_the_higher_the_score(features in 1..4_usize, seed: u64) {
        let mut rows = rows(255, features);
        let mut scores = Vec::new();
        // Values are in 0..256: from the middle to far out.
        for value in [128.0_f32, 300.0, 600.0, 2_000.0, 1e6] {
            rows.row_mut(100).fill(value);
            let forest = fit(rows.view(), Params { seed, ..Params::default() }).unwrap();
            let score = forest.score(rows.view())[100];
            prop_assert!(score > 0.0 && score <= 1.0);
            scores.push(score);
        }
        // Noise of 100 trees: a standard deviation of 0.01 or less.
        prop_assert!(scores.is_sorted_by(|nearer, further| further - nearer > -0.03), "{:?}", scores);
        prop_assert!(scores[4] > scores[0] + 0.2, "{:?}", scores);
    }
}

/// A tree that takes one row off at each split: what is at most the threshold.
fn chain(splits: &[(u32, f32)]) -> Tree {
    let mut parts = TreeParts::default();
    let mut add = |left: usize, (feature, threshold), samples: usize| {
        parts.left.push(left as u32);
        parts.feature.push(feature);
        parts.threshold.push(threshold);
        parts.missing_left.push(false);
        parts.samples.push(samples as u32);
    };
    for (place, split) in splits.iter().enumerate() {
        if place > 0 {
            add(0, (0, 0.0), 1);
        }
        add(2 * place + 1, *split, splits.len() + 1 - place);
    }
    add(0, (0, 0.0), 1);
    add(0, (0, 0.0), 1);
    Tree::try_from(parts).unwrap()
}

#[test]
fn blocks_score_as_walks_where_a_byte_ends() {
    let rows = Array2::from_shape_fn((300, 2), |(row, feature)| (row + 40 * feature) as f32 - 20.0);
    let check = |trees: Vec<Tree>| {
        let sample_size = trees[0].samples(0);
        let forest = IsolationForest::from_trees(trees, sample_size, 2).unwrap();
        assert_eq!(bits(&forest.score(rows.view())), walked(&forest, &rows), "{sample_size}");
    };
    // Leaves, one more than splits: up to 256 can be numbered. Two features, so that neither has too many thresholds.
    for splits in 253..=259 {
        check(vec![chain(&(0..splits).map(|split| (split % 2, split as f32)).collect::<Vec<_>>())]);
    }
    // Two zeros, which are equal.
    check(vec![chain(&[(0, -0.0), (1, 0.0), (1, 7.0)]), chain(&[(1, -0.0), (0, -3.0), (0, 5.0)])]);
    // Thresholds of a feature over two trees: up to 255 can be told apart.
    for splits in 125..=130 {
        let from = |first: u32| chain(&(0..splits).map(|split| (0, (first + split) as f32)).collect::<Vec<_>>());
        check(vec![from(0), from(splits)]);
    }
}

#[test]
fn what_a_split_has_not_seen_missing_goes_with_most_rows() {
    // scikit-learn's rule (`tree/_splitter.pyx`, 1.9.1): left iff more rows go left, so right where they are as many.
    let mut ties = 0;
    for tree in fit(rows(64, 2).view(), Params::default()).unwrap().trees() {
        let parts = TreeParts::from(tree.clone());
        for node in (0..tree.node_count()).filter(|&node| parts.left[node] > 0) {
            let left = parts.left[node] as usize;
            let (lefts, rights) = (tree.samples(left), tree.samples(left + 1));
            assert_eq!(parts.missing_left[node], lefts > rights);
            ties += usize::from(lefts == rights);
        }
    }
    assert!(ties > 100, "{ties}");
}
