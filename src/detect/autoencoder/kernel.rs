//! The products that training and scoring are made of.
//!
//! Rows are side by side (unit-major: `values[unit * ROWS + row]`), so that one instruction works on several. Each sum is
//! added in one fixed order and no product is fused with its sum, so native code and wasm get the same bits. The vectors are
//! written out: left to themselves, compilers miss the products in wasm and the gradient natively (four times slower).

use wide::f32x4;

use super::params::Activation;

/// Rows of a block. What a usual network makes of them stays in the first-level cache.
pub(super) const ROWS: usize = 64;

/// Rows of a vector. Tiles have eight vectors of sums, as many as leave registers for the factors.
const LANES: usize = 4;

/// Weights of a layer, forwards or backwards.
#[derive(Clone, Copy)]
pub(super) struct Weights<'a> {
    values: &'a [f32],
    from: usize,
    to: usize,
    /// Distance of the weights of two units below, and of two units above.
    strides: (usize, usize),
}

impl<'a> Weights<'a> {
    /// `from × to` weights, those of a unit below side by side.
    pub(super) fn forwards(values: &'a [f32], from: usize, to: usize) -> Self {
        Self { values, from, to, strides: (to, 1) }
    }

    /// The same matrix the other way round.
    pub(super) fn backwards(values: &'a [f32], from: usize, to: usize) -> Self {
        Self { values, from: to, to: from, strides: (1, to) }
    }

    #[inline(always)]
    fn at(self, from: usize, to: usize) -> f32 {
        self.values[from * self.strides.0 + to * self.strides.1]
    }
}

/// `out[to] = bias[to] + Σ weight[from, to] · x[from]` for each row of a block; the sum goes up over `from`.
pub(super) fn product(weights: Weights<'_>, bias: Option<&[f32]>, x: &[f32], out: &mut [f32]) {
    let mut to = 0;
    while to + 4 <= weights.to {
        product_tile::<4>(weights, to, bias, x, out);
        to += 4;
    }
    while to < weights.to {
        product_tile::<1>(weights, to, bias, x, out);
        to += 1;
    }
}

#[inline(always)]
fn product_tile<const T: usize>(weights: Weights<'_>, to: usize, bias: Option<&[f32]>, x: &[f32], out: &mut [f32]) {
    let x = &x[..weights.from * ROWS];
    for lane in (0..ROWS).step_by(2 * LANES) {
        let start = |t| f32x4::splat(bias.map_or(0.0, |bias| bias[to + t]));
        let mut sums: [[f32x4; 2]; T] = std::array::from_fn(|t| [start(t); 2]);
        for (from, x) in x.chunks_exact(ROWS).enumerate() {
            let x = [lanes(x, lane), lanes(x, lane + LANES)];
            for (t, sums) in sums.iter_mut().enumerate() {
                let weight = f32x4::splat(weights.at(from, to + t));
                sums[0] += weight * x[0];
                sums[1] += weight * x[1];
            }
        }
        for (t, sums) in sums.iter().enumerate() {
            let (low, high) = out[(to + t) * ROWS + lane..][..2 * LANES].split_at_mut(LANES);
            low.copy_from_slice(&sums[0].to_array());
            high.copy_from_slice(&sums[1].to_array());
        }
    }
}

#[inline(always)]
fn lanes(values: &[f32], place: usize) -> f32x4 {
    f32x4::new(std::array::from_fn(|lane| values[place + lane]))
}

/// Adds `Σ x[from] · delta[to]` over the rows of a block to each weight's gradient, and `Σ delta[to]` to each bias's.
pub(super) fn add_gradient(
    x: &[f32],
    delta: &[f32],
    (from, to): (usize, usize),
    weights: &mut [f32],
    bias: &mut [f32],
) {
    let mut f = 0;
    while f < from {
        let tall = f + 4 <= from;
        let mut t = 0;
        while t < to {
            let wide = t + 2 <= to;
            match (tall, wide) {
                (true, true) => gradient_tile::<4, 2>(x, delta, (f, t), to, weights),
                (true, false) => gradient_tile::<4, 1>(x, delta, (f, t), to, weights),
                (false, true) => gradient_tile::<1, 2>(x, delta, (f, t), to, weights),
                (false, false) => gradient_tile::<1, 1>(x, delta, (f, t), to, weights),
            }
            t += if wide { 2 } else { 1 };
        }
        f += if tall { 4 } else { 1 };
    }
    for (bias, delta) in bias.iter_mut().zip(delta.chunks_exact(ROWS)) {
        let mut sums = [0.0; 4];
        for four in delta.chunks_exact(4) {
            sums.iter_mut().zip(four).for_each(|(sum, delta)| *sum += delta);
        }
        *bias += total(sums);
    }
}

#[inline(always)]
fn gradient_tile<const F: usize, const T: usize>(
    x: &[f32],
    delta: &[f32],
    (from, to): (usize, usize),
    width: usize,
    weights: &mut [f32],
) {
    let x: [&[f32]; F] = std::array::from_fn(|f| &x[(from + f) * ROWS..][..ROWS]);
    let delta: [&[f32]; T] = std::array::from_fn(|t| &delta[(to + t) * ROWS..][..ROWS]);
    let mut sums = [[f32x4::ZERO; T]; F];
    for row in (0..ROWS).step_by(LANES) {
        let delta = delta.map(|delta| lanes(delta, row));
        for (x, sums) in x.iter().zip(&mut sums) {
            let x = lanes(x, row);
            for (delta, sum) in delta.iter().zip(sums) {
                *sum += x * *delta;
            }
        }
    }
    for (f, sums) in sums.into_iter().enumerate() {
        for (t, sum) in sums.into_iter().enumerate() {
            weights[(from + f) * width + to + t] += total(sum.to_array());
        }
    }
}

fn total(sums: [f32; 4]) -> f32 {
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// Applies the activation.
pub(super) fn activate(activation: Activation, values: &mut [f32]) {
    match activation {
        // NaN stays NaN.
        Activation::Relu => values.iter_mut().for_each(|value| *value = if *value < 0.0 { 0.0 } else { *value }),
        Activation::Tanh => values.iter_mut().for_each(|value| *value = tanh(*value)),
    }
}

/// Multiplies by the activation's slope where it gave `values`.
pub(super) fn slope(activation: Activation, values: &[f32], delta: &mut [f32]) {
    let both = delta.iter_mut().zip(values);
    match activation {
        Activation::Relu => both.for_each(|(delta, value)| *delta = if *value > 0.0 { *delta } else { 0.0 }),
        Activation::Tanh => both.for_each(|(delta, value)| *delta *= 1.0 - value * value),
    }
}

/// The hyperbolic tangent by a quotient of polynomials (of degrees 13 and 6 in x, the one that Eigen and XNNPACK use), within
/// 4 units in the last place, and only of operations that are the same everywhere.
fn tanh(x: f32) -> f32 {
    // Beyond, f32 rounds to ±1.
    let clamped = x.clamp(-7.905_311, 7.905_311);
    let square = clamped * clamped;
    let mut top = -2.760_768_5e-16_f32;
    for term in [2.000_188e-13, -8.604_672e-11, 5.122_297_1e-8, 1.485_722_35e-5, 6.372_619_3e-4, 4.893_524_6e-3] {
        top = top * square + term;
    }
    let mut bottom = 1.198_258_4e-6_f32;
    for term in [1.185_347_1e-4, 2.268_434_6e-3, 4.893_525e-3] {
        bottom = bottom * square + term;
    }
    clamped * top / bottom
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tanh_is_close_to_the_librarys() {
        for step in -100_000..=100_000 {
            let x = step as f32 * 1e-4;
            let (is, expected) = (tanh(x), libm::tanhf(x));
            assert!((is - expected).abs() <= 4e-7 * expected.abs().max(1e-3), "tanh({x}) = {is}, not {expected}");
        }
        assert!(tanh(f32::NAN).is_nan() && tanh(f32::INFINITY) == tanh(9.0));
    }

    #[test]
    fn products_and_gradients_are_those_of_the_definition() {
        // Widths that leave a rest in every tile.
        for (from, to) in [(1, 1), (3, 5), (6, 7), (9, 4)] {
            let number = |place: usize| ((place * 37 + 11) % 19) as f32 - 9.0;
            let values: Vec<f32> = (0..from * to).map(number).collect();
            let x: Vec<f32> = (0..from * ROWS).map(number).collect();
            let delta: Vec<f32> = (0..to * ROWS).map(|place| number(place + 5)).collect();
            let bias: Vec<f32> = (0..to).map(number).collect();
            let mut out = vec![0.0; to * ROWS];
            product(Weights::forwards(&values, from, to), Some(&bias), &x, &mut out);
            let mut back = vec![0.0; from * ROWS];
            product(Weights::backwards(&values, from, to), None, &delta, &mut back);
            let (mut weights, mut biases) = (vec![0.0; from * to], vec![0.0; to]);
            add_gradient(&x, &delta, (from, to), &mut weights, &mut biases);
            // Whole numbers: exact in any order.
            for row in 0..ROWS {
                for t in 0..to {
                    let sum: f32 = (0..from).map(|f| values[f * to + t] * x[f * ROWS + row]).sum();
                    assert_eq!(out[t * ROWS + row], bias[t] + sum);
                }
                for f in 0..from {
                    let sum: f32 = (0..to).map(|t| values[f * to + t] * delta[t * ROWS + row]).sum();
                    assert_eq!(back[f * ROWS + row], sum);
                }
            }
            for t in 0..to {
                assert_eq!(biases[t], delta[t * ROWS..(t + 1) * ROWS].iter().sum::<f32>());
                for f in 0..from {
                    let sum: f32 = (0..ROWS).map(|row| x[f * ROWS + row] * delta[t * ROWS + row]).sum();
                    assert_eq!(weights[f * to + t], sum);
                }
            }
        }
    }
}
