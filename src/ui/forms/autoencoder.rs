//! The autoencoder's parameters.

use super::{Field, Form, MOST_EXACT};
use crate::{
    detect::autoencoder::{Activation, Params},
    features::Mode,
};

/// Nothing learns by a smaller step.
const LEAST_RATE: f64 = 1e-8;

/// What can be chosen.
pub const AUTOENCODER: Form<Params> = Form::of(&[
    // Who types layers gets those, and no narrower ones.
    Field::<Params>::whole(
        "Hidden layers (units)",
        "ae-hidden",
        [1.0, 1_024.0],
        |params| units(&params.hidden),
        |params, value| {
            params.hidden = value.counts();
            params.undercomplete = false;
        },
    )
    .up_to(8),
    Field::<Params>::choice(
        "Activation",
        "ae-activation",
        &[["relu", "ReLU"], ["tanh", "Tanh"]],
        |params| {
            match params.activation {
                Activation::Relu => "relu",
                Activation::Tanh => "tanh",
            }
            .to_owned()
        },
        |params, value| params.activation = if value.is("tanh") { Activation::Tanh } else { Activation::Relu },
    ),
    Field::<Params>::whole(
        "Maximum epochs",
        "ae-epochs",
        [1.0, 1_000_000.0],
        |params| params.epochs.to_string(),
        |params, value| params.epochs = value.count().unwrap_or(0),
    ),
    Field::<Params>::whole(
        "Early-stopping patience",
        "ae-patience",
        [1.0, 1_000_000.0],
        |params| params.patience.map_or_else(String::new, |epochs| epochs.to_string()),
        |params, value| params.patience = value.count(),
    )
    .or_empty("never stop early")
    .unit("epochs"),
    Field::<Params>::whole(
        "Batch size",
        "ae-batch",
        [1.0, 65_536.0],
        |params| params.batch_size.to_string(),
        |params, value| params.batch_size = value.count().unwrap_or(0),
    )
    .unit("flows"),
    Field::<Params>::number(
        "Learning rate",
        "ae-rate",
        [LEAST_RATE, 1.0],
        |params| params.learning_rate.to_string(),
        |params, value| params.learning_rate = value.number().unwrap_or(0.0),
    ),
    Field::<Params>::number(
        "Validation split",
        "ae-validation",
        [0.0, 50.0],
        |params| percent(params.validation_share),
        |params, value| params.validation_share = value.number().unwrap_or(0.0) / 100.0,
    )
    .unit("%"),
    Field::<Params>::number(
        "Masking noise",
        "ae-noise",
        [0.0, 90.0],
        |params| percent(params.noise),
        |params, value| params.noise = value.number().unwrap_or(0.0) / 100.0,
    )
    .unit("%")
    .hint("Share of the values that are hidden from the network while it trains."),
    Field::<Params>::number(
        "Trimmed per epoch",
        "ae-trim",
        [0.0, 50.0],
        |params| percent(params.trim),
        |params, value| params.trim = value.number().unwrap_or(0.0) / 100.0,
    )
    .unit("%")
    .hint("Flows with the largest errors, which the epoch does not train on."),
    Field::<Params>::whole(
        "Seed",
        "ae-seed",
        [0.0, MOST_EXACT],
        |params| params.seed.to_string(),
        |params, value| params.seed = value.number().unwrap_or(0.0) as u64,
    ),
]);

/// The parameters that a mode has if nothing is chosen.
pub fn usual(mode: Mode) -> Params {
    match mode {
        Mode::Recommended => Params::recommended(),
        Mode::Classic => Params::classic(),
    }
}

/// Units by layer, as they are typed.
pub fn units(layers: &[usize]) -> String {
    layers.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

/// What becomes of the layers of `params` in narrow tables, in a sentence; nothing where they stay as they are.
pub fn narrowed(params: &Params) -> Option<String> {
    let least = (2 * params.code()).saturating_sub(1);
    let narrowed = params.undercomplete && least > 1;
    narrowed.then(|| {
        format!("With fewer than {least} features, the narrowest layer gets half as many units as there are features.")
    })
}

/// A share in percent, without the digits that come of binary fractions.
fn percent(share: f64) -> String {
    ((share * 1e6).round() / 1e4).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::forms::form::tests::{at_bounds, can_be_typed_back, typed};

    #[test]
    fn every_value_reaches_its_parameter() {
        let start = Params { undercomplete: false, train_share: 0.8, ..Params::recommended() };
        can_be_typed_back(&AUTOENCODER, &Params::classic(), &start);
        let params = Params {
            hidden: vec![9, 3, 9],
            activation: Activation::Relu,
            epochs: 7,
            batch_size: 11,
            learning_rate: 0.02,
            patience: None,
            validation_share: 0.2,
            noise: 0.3,
            trim: 0.05,
            seed: 6,
            ..start.clone()
        };
        can_be_typed_back(&AUTOENCODER, &params, &start);
    }

    #[test]
    fn the_autoencoder_accepts_what_the_form_accepts() {
        for mode in [Mode::Recommended, Mode::Classic] {
            let bounds = at_bounds(&AUTOENCODER, &usual(mode));
            assert!(bounds.len() == 18 && bounds.into_iter().all(|params| params.check().is_ok()));
        }
    }

    #[test]
    fn what_is_said_of_narrow_tables_is_so() {
        let params = usual(Mode::Recommended);
        assert!(narrowed(&params).expect("a sentence").contains("fewer than 15 features"));
        assert!(params.layers(14) != params.hidden && params.layers(15) == params.hidden);
        assert_eq!(narrowed(&usual(Mode::Classic)), None);
        // Typed layers stay, also if they are the same.
        let texts = typed(&[("ae-hidden", "16, 8, 16")]);
        assert_eq!(AUTOENCODER.read(&texts, &params).ok().and_then(|params| narrowed(&params)), None);
        assert!(AUTOENCODER.is_changed(&texts, &params));
    }

    #[test]
    fn what_is_no_number_is_said_with_its_field() {
        let problem = |testid, text| AUTOENCODER.problem(&typed(&[(testid, text)]), &usual(Mode::Classic));
        assert_eq!(problem("ae-epochs", "ten").as_deref(), Some("Maximum epochs: “ten” is not a number."));
        assert!(problem("ae-hidden", "16, x").is_some_and(|problem| problem.contains("“x”")));
    }
}
